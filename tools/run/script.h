// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <filesystem>

namespace run {

/// The program that the kernel executes for this file: the interpreter after "#!" in its first
/// line, the interpreter of that if it is a script too, and so on; the file itself if it is no
/// script.
std::filesystem::path interpreter_of(const std::filesystem::path& program);

}  // namespace run
