// SPDX-License-Identifier: GPL-2.0-only
#include "table.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "figure.h"
#include "tools/util/text_table.h"

namespace bench_report {
namespace {

using Cells = std::vector<std::string>;

// The order of the columns, oldest interface first. Other backends follow in the order of
// measurement.
constexpr const char* kFirstBackends[] = {"select", "poll", "io_uring", "epoll", "xpoll"};

Cells backends_of(const Results& results) {
  Cells backends(std::begin(kFirstBackends), std::end(kFirstBackends));
  for (const Result& result : results.all) {
    if (std::ranges::find(backends, result.backend) == backends.end()) {
      backends.push_back(result.backend);
    }
  }
  std::erase_if(backends, [&](const std::string& backend) {
    return std::ranges::none_of(results.all,
                                [&](const Result& result) { return result.backend == backend; });
  });
  return backends;
}

/// Ratio of xpoll to native epoll, or of "loaded" to "unloaded".
std::optional<double> ratio_of(const Row& row) {
  for (const auto& [over, under] : {std::pair{"xpoll", "epoll"}, std::pair{"loaded", "unloaded"}}) {
    const auto numerator = row.figures.find(over);
    const auto denominator = row.figures.find(under);
    if (numerator != row.figures.end() && denominator != row.figures.end() &&
        denominator->second != 0) {
      return numerator->second / denominator->second;
    }
  }
  return std::nullopt;
}

/// The name that "make profile" gives to its file.
std::string profile_name(const Verdict& verdict) {
  std::string name = "profile-" + verdict.where;
  std::ranges::replace_if(
      name, [](char letter) { return letter == ' ' || letter == '/'; }, '-');
  if (name.ends_with('-')) name.pop_back();  // a subject without parameters
  return name + ".txt";
}

std::string outcome(const Verdict& verdict, const std::filesystem::path& profiles) {
  if (verdict.met()) return "met";
  const std::string name = profile_name(verdict);
  if (profiles.empty() || !std::filesystem::exists(profiles / name)) return "MISSED";
  return fmt::format("[MISSED]({})", name);
}

std::string goals_table(const Results& results, const std::filesystem::path& profiles) {
  xpoll::TextTable table(xpoll::columns_of({"goal", "where", "ratio", "limit", ""}, 2));
  for (const Verdict& verdict : judge(results)) {
    table.add({verdict.goal, verdict.where, fmt::format("{:.3f}", verdict.ratio),
               fmt::format("{:.2f}", verdict.limit), outcome(verdict, profiles)});
  }
  return table.empty() ? "" : table.markdown() + "\n";
}

Cells row_cells(const Row& row, const Cells& backends) {
  Cells cells{row.subject, row.parameters, row.unit};
  for (const std::string& backend : backends) {
    const auto figure = row.figures.find(backend);
    cells.push_back(figure == row.figures.end() ? "" : format_figure(figure->second));
  }
  const auto ratio = ratio_of(row);
  cells.push_back(ratio ? fmt::format("{:.3f}", *ratio) : "");
  return cells;
}

}  // namespace

std::vector<Row> to_rows(const Results& results) {
  std::vector<Row> rows;
  for (const Result& result : results.all) {
    auto row = std::ranges::find_if(rows, [&](const Row& candidate) {
      return candidate.subject == result.subject && candidate.parameters == result.parameters &&
             candidate.unit == result.unit;
    });
    if (row == rows.end()) {
      row = rows.insert(row, Row{result.subject, result.parameters, result.unit, {}});
    }
    row->figures[result.backend] = result.figure;
  }
  return rows;
}

std::string to_table(const Results& results, const std::filesystem::path& profiles) {
  const Cells backends = backends_of(results);
  Cells head{"subject", "parameters", "unit"};
  head.insert(head.end(), backends.begin(), backends.end());
  head.emplace_back("ratio");
  xpoll::TextTable table(xpoll::columns_of(std::move(head), 3));
  for (const Row& row : to_rows(results)) table.add(row_cells(row, backends));
  return fmt::format("Linux {}\n\n{}{}", results.kernel, goals_table(results, profiles),
                     table.markdown());
}

nlohmann::json to_json(const Results& results) {
  auto rows = nlohmann::json::array();
  for (const Row& row : to_rows(results)) {
    nlohmann::json json{{"subject", row.subject},
                        {"parameters", row.parameters},
                        {"unit", row.unit},
                        {"figures", row.figures}};
    if (const auto ratio = ratio_of(row)) json["ratio"] = *ratio;
    rows.push_back(std::move(json));
  }
  auto goals = nlohmann::json::array();
  for (const Verdict& verdict : judge(results)) {
    goals.push_back({{"goal", verdict.goal},
                     {"where", verdict.where},
                     {"ratio", verdict.ratio},
                     {"limit", verdict.limit},
                     {"met", verdict.met()}});
  }
  return {{"kernel", results.kernel}, {"goals", goals}, {"rows", rows}};
}

}  // namespace bench_report
