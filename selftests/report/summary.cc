// SPDX-License-Identifier: GPL-2.0-only
#include "report/summary.h"

#include <fmt/format.h>

#include <algorithm>

#include "report/gtest_results.h"
#include "report/results_file.h"
#include "tools/util/file.h"
#include "tools/util/text_table.h"

namespace xpoll::report {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kStepSuffix = ".step.json";

/**
 * The tests' counts. One failure is added if the run failed for a reason that no failed test
 * explains, or if no test ran; skipped tests do not count as run.
 */
Counts count_run(const std::string& name, const fs::path& tests_file, bool passed) {
  Counts counts;
  if (const auto json = read_results(tests_file)) {
    const std::vector<TestResult> tests = read_gtest(*json);
    counts = count(tests);
    fs::path junit = tests_file;
    write_file(junit.replace_extension(".xml"), to_junit(name, tests));
  }
  const bool ran_none = counts.passed + counts.failed == 0;
  if (ran_none || (!passed && counts.failed == 0)) ++counts.failed;
  return counts;
}

std::vector<std::string> step_names(const fs::path& directory) {
  std::vector<std::string> names;
  if (!fs::exists(directory)) return names;
  for (const auto& entry : fs::directory_iterator{directory}) {
    const std::string file = entry.path().filename();
    if (file.ends_with(kStepSuffix))
      names.push_back(file.substr(0, file.size() - kStepSuffix.size()));
  }
  std::ranges::sort(names);
  return names;
}

Row step_row(const fs::path& directory, const std::string& name) {
  const auto json = read_results(directory / (name + std::string{kStepSuffix}));
  Row row;
  row.name = name;
  row.outcome = json && json->value("passed", false) ? "passed" : "failed";
  if (json) row.seconds = json->value("seconds", 0.0);
  return row;
}

void add_static(const fs::path& directory, std::vector<Row>& rows) {
  for (const std::string& name : step_names(directory)) {
    Row row = step_row(directory, name);
    ++(row.outcome == "passed" ? row.counts.passed : row.counts.failed);
    rows.push_back(row);
  }
}

void add_units(const fs::path& directory, std::vector<Row>& rows) {
  for (const std::string& name : step_names(directory)) {
    Row row = step_row(directory, name);
    row.counts = count_run(name, directory / (name + ".json"), row.outcome == "passed");
    rows.push_back(row);
  }
}

std::string to_cell(const std::optional<double>& seconds) {
  return seconds ? fmt::format("{:.1f} s", *seconds) : "-";
}

}  // namespace

std::vector<Row> summarise(const fs::path& directory, const std::vector<std::string>& kernels) {
  std::vector<Row> rows;
  add_static(directory / "static", rows);
  add_units(directory / "unit", rows);
  for (const std::string& kernel : kernels) rows.push_back(guest_row(directory, kernel));
  return rows;
}

Row guest_row(const fs::path& directory, const std::string& name) {
  const fs::path run = directory / "kernels" / name;
  const auto verdict = read_results(run / "vm.json").value_or(nlohmann::json::object());
  Row row;
  row.name = name;
  row.outcome = verdict.value("outcome", "no-verdict");
  if (verdict.contains("boot_seconds")) row.boot_seconds = verdict.at("boot_seconds").get<double>();
  if (verdict.contains("seconds")) row.seconds = verdict.at("seconds").get<double>();
  row.counts = count_run(name, run / "tests.json", row.outcome == "passed");
  return row;
}

std::string to_line(const Row& row) {
  return fmt::format("{} - {} ({}, {})\n", row.counts.failed == 0 ? "ok" : "not ok", row.name,
                     to_string(row.counts), to_cell(row.seconds));
}

std::string to_table(const std::vector<Row>& rows) {
  TextTable table({left("", 20), right("passed", 7), right("failed", 7), right("skipped", 7),
                   right("boot", 8), right("time", 8), left("outcome")},
                  1);
  for (const Row& row : rows) {
    table.add({row.name, std::to_string(row.counts.passed), std::to_string(row.counts.failed),
               std::to_string(row.counts.skipped), to_cell(row.boot_seconds), to_cell(row.seconds),
               row.outcome});
  }
  return table.text();
}

nlohmann::json to_json(const std::vector<Row>& rows) {
  Counts sum;
  auto list = nlohmann::json::array();
  for (const Row& row : rows) {
    sum += row.counts;
    nlohmann::json item{{"name", row.name},
                        {"outcome", row.outcome},
                        {"passed", row.counts.passed},
                        {"failed", row.counts.failed},
                        {"skipped", row.counts.skipped}};
    if (row.boot_seconds) item["boot_seconds"] = *row.boot_seconds;
    if (row.seconds) item["seconds"] = *row.seconds;
    list.push_back(item);
  }
  return {{"rows", list}, {"passed", sum.passed}, {"failed", sum.failed}, {"skipped", sum.skipped}};
}

Counts read_counts(const fs::path& summary) {
  const auto json = read_results(summary);
  if (!json) return {.passed = 0, .failed = 1, .skipped = 0};
  return {.passed = json->at("passed").get<int>(),
          .failed = json->at("failed").get<int>(),
          .skipped = json->at("skipped").get<int>()};
}

}  // namespace xpoll::report
