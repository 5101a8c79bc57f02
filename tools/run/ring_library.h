// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace run {

/// The library for rings of io_uring (liburing, which makes its system calls itself) that this
/// program, or the interpreter if it is a script, needs, directly or through another library.
std::optional<std::string> ring_library_of(const std::filesystem::path& program);

}  // namespace run
