// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace run {

/// Why the preload library can't stand between this program and the kernel, in a sentence; nothing
/// if it can, as far as the file shows. Of a script it is the interpreter that counts.
std::optional<std::string> obstacle_of(const std::filesystem::path& program);

}  // namespace run
