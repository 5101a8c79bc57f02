// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>

namespace xpoll::report {

/** Empty if the file is missing or truncated by a crash. */
std::optional<nlohmann::json> read_results(const std::filesystem::path& path);

}  // namespace xpoll::report
