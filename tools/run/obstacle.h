// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace run {

/// The reason, as a sentence, why the preload library can't interpose in this program; nothing if
/// the file shows no such reason. For a script, the interpreter is examined.
std::optional<std::string> obstacle_of(const std::filesystem::path& program);

}  // namespace run
