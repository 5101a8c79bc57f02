// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "profile.h"

namespace bench_profile {

/// "wait_level_eventfd-1-1000", for a file's name.
std::string file_name(const Profile& profile);

/// Markdown: the groups, then the functions, each with a column for every backend.
std::string to_text(const Profile& profile, const std::string& kernel);

/// The same as JSON, small functions included.
nlohmann::json to_json(const Profile& profile, const std::string& kernel);

/// gnuplot's script, with its data, for a bar for each backend: run, it makes profile-NAME.svg.
std::string to_plot(const Profile& profile, const std::string& kernel);

}  // namespace bench_profile
