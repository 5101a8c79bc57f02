// SPDX-License-Identifier: GPL-2.0-only
#include "report/summary.h"

#include <fmt/format.h>

#include <algorithm>

#include "report/gtest_results.h"
#include "report/results_file.h"
#include "vm/file.h"

namespace xpoll::report {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kStepSuffix = ".step.json";

/**
 * The tests' counts, and one more failure if the run went wrong in a way that no failed test
 * accounts for, or ran no test at all: one that is skipped does not run.
 */
Counts count_run(const std::string& name, const fs::path& tests_file, bool passed) {
  Counts counts;
  if (const auto json = read_results(tests_file)) {
    const std::vector<TestResult> tests = read_gtest(*json);
    counts = count(tests);
    fs::path junit = tests_file;
    vm::write_file(junit.replace_extension(".xml"), to_junit(name, tests));
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

bool step_passed(const fs::path& directory, const std::string& name) {
  const auto json = read_results(directory / (name + std::string{kStepSuffix}));
  return json && json->value("passed", false);
}

void add_static(const fs::path& directory, std::vector<Row>& rows) {
  Row row{.name = "static checks", .outcome = "", .counts = {}, .boot_seconds = {}};
  for (const std::string& name : step_names(directory)) {
    ++(step_passed(directory, name) ? row.counts.passed : row.counts.failed);
  }
  row.outcome = row.counts.failed == 0 ? "passed" : "failed";
  if (row.counts != Counts{}) rows.push_back(row);
}

void add_units(const fs::path& directory, std::vector<Row>& rows) {
  for (const std::string& name : step_names(directory)) {
    const bool passed = step_passed(directory, name);
    rows.push_back({.name = name,
                    .outcome = passed ? "passed" : "failed",
                    .counts = count_run(name, directory / (name + ".json"), passed),
                    .boot_seconds = {}});
  }
}

Row kernel_row(const fs::path& directory, const std::string& kernel) {
  const auto verdict = read_results(directory / "vm.json").value_or(nlohmann::json::object());
  Row row;
  row.name = kernel;
  row.outcome = verdict.value("outcome", "no-verdict");
  if (verdict.contains("boot_seconds")) row.boot_seconds = verdict.at("boot_seconds").get<double>();
  row.counts = count_run(kernel, directory / "tests.json", row.outcome == "passed");
  return row;
}

}  // namespace

std::vector<Row> summarise(const fs::path& directory, const std::vector<std::string>& kernels) {
  std::vector<Row> rows;
  add_static(directory / "static", rows);
  add_units(directory / "unit", rows);
  for (const std::string& kernel : kernels) {
    rows.push_back(kernel_row(directory / "kernels" / kernel, kernel));
  }
  return rows;
}

std::string to_table(const std::vector<Row>& rows) {
  std::string table = fmt::format("{:<16} {:>7} {:>7} {:>7} {:>7}  {}\n", "", "passed", "failed",
                                  "skipped", "boot", "outcome");
  for (const Row& row : rows) {
    const std::string boot = row.boot_seconds ? fmt::format("{:.1f} s", *row.boot_seconds) : "-";
    table += fmt::format("{:<16} {:>7} {:>7} {:>7} {:>7}  {}\n", row.name, row.counts.passed,
                         row.counts.failed, row.counts.skipped, boot, row.outcome);
  }
  return table;
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
    list.push_back(item);
  }
  return {{"rows", list}, {"passed", sum.passed}, {"failed", sum.failed}, {"skipped", sum.skipped}};
}

}  // namespace xpoll::report
