// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "profile.h"

namespace bench_profile {

/// A name for files, such as "wait_level_eventfd-1-1000".
std::string file_name(const Profile& profile);

/// Markdown: a table of the groups, then one of the functions, each with a column per backend.
std::string to_text(const Profile& profile, const std::string& kernel);

/// The same as JSON, including functions too small for the table.
nlohmann::json to_json(const Profile& profile, const std::string& kernel);

/// A gnuplot script with its data that draws a bar per backend into profile-NAME.svg.
std::string to_plot(const Profile& profile, const std::string& kernel);

}  // namespace bench_profile
