// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace run {

/// The io_uring library (liburing, which makes its system calls itself) that this program needs,
/// directly or through another library. For a script, its interpreter is examined.
std::optional<std::string> ring_library_of(const std::filesystem::path& program);

}  // namespace run
