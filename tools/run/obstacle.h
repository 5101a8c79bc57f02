// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace run {

// Each returns the reason as a sentence, or nothing if the file shows none. For a script, the
// interpreter is examined.

/// The reason why this program can't run on xpoll in any way: it gains privilege.
std::optional<std::string> privilege_obstacle_of(const std::filesystem::path& program);

/// The reason why the preload library can't interpose in this program.
std::optional<std::string> preload_obstacle_of(const std::filesystem::path& program);

}  // namespace run
