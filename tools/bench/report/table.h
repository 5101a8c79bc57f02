// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "goals.h"
#include "results.h"

namespace bench_report {

/// One subject with its parameters, and its cost on each backend.
struct Row {
  std::string subject;
  std::string parameters;
  std::string unit;
  std::map<std::string, double> figures;  // by backend
};

/// In the order in which they were measured.
std::vector<Row> to_rows(const Results& results);

/// Markdown: the goals, then every row with the ratio of xpoll to native epoll. A missed goal links
/// to the profile of its place if the directory of the table has one.
std::string to_table(const Results& results, const std::filesystem::path& profiles = {});

/// The same as JSON.
nlohmann::json to_json(const Results& results);

}  // namespace bench_report
