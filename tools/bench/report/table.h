// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "goals.h"
#include "results.h"

namespace bench_report {

/// One subject with its parameters: what it costs on each backend.
struct Row {
  std::string subject;
  std::string parameters;
  std::string unit;
  std::map<std::string, double> figures;  // by backend
};

/// In the order in which they were measured.
std::vector<Row> to_rows(const Results& results);

/// Markdown: the goals, then every row, with the ratio of xpoll to native epoll. A goal that is
/// missed gets a link to the profile of its place, if that is in this directory, which is where the
/// table is to be.
std::string to_table(const Results& results, const std::filesystem::path& profiles = {});

/// The same as JSON.
nlohmann::json to_json(const Results& results);

}  // namespace bench_report
