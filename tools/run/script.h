// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <filesystem>

namespace run {

/// The program that the kernel runs for this file: what its first line names after "#!", and for
/// that, if it is a script in its turn, and so on; the file itself if it is none.
std::filesystem::path interpreter_of(const std::filesystem::path& program);

}  // namespace run
