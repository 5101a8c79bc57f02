// SPDX-License-Identifier: GPL-2.0-only
#include "report/app_rows.h"

#include <fmt/format.h>

#include <algorithm>

#include "report/results_file.h"
#include "tools/util/text_table.h"

namespace xpoll::report {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kRunSuffix = "-apps";

/** GoogleTest writes each property as a string. */
uint64_t number(const nlohmann::json& test, const char* property) {
  return test.contains(property) ? std::stoull(test.at(property).get<std::string>()) : 0;
}

AppRow read_row(const std::string& kernel, const nlohmann::json& suite,
                const nlohmann::json& test) {
  return {.kernel = kernel,
          .test = fmt::format("{}.{}", suite.at("name").get<std::string>(),
                              test.at("name").get<std::string>()),
          .passed = test.at("result") == "COMPLETED" && !test.contains("failures"),
          .program = test.value("program", ""),
          .backend = test.value("backend", ""),
          .work = test.value("work", ""),
          .errors = number(test, "errors"),
          .instances = number(test, "instances"),
          .watches = number(test, "watches"),
          .wakeups = number(test, "wakeups"),
          .events = number(test, "events")};
}

std::string kernel_of(const std::string& run) {
  return run.ends_with(kRunSuffix) ? run.substr(0, run.size() - kRunSuffix.size()) : run;
}

}  // namespace

std::vector<AppRow> read_app_rows(const std::string& kernel, const nlohmann::json& output) {
  std::vector<AppRow> rows;
  for (const auto& suite : output.at("testsuites")) {
    for (const auto& test : suite.at("testsuite")) {
      if (test.at("result") != "SUPPRESSED") rows.push_back(read_row(kernel, suite, test));
    }
  }
  return rows;
}

std::vector<AppRow> collect_app_rows(const fs::path& directory,
                                     const std::vector<std::string>& runs) {
  std::vector<AppRow> rows;
  for (const std::string& run : runs) {
    const auto json = read_results(directory / "kernels" / run / "tests.json");
    if (json) {
      std::ranges::copy(read_app_rows(kernel_of(run), *json), std::back_inserter(rows));
    } else {
      rows.push_back({.kernel = kernel_of(run), .test = "(the run left no results)"});
    }
  }
  return rows;
}

std::string to_table(const std::vector<AppRow>& rows) {
  TextTable table({left("program", 44), left("kernel", 11), left("on", 6), left("work done", 48),
                   right("errors", 6), right("watches", 9), right("wake-ups", 9),
                   right("events", 9), left("result")},
                  1);
  for (const AppRow& row : rows) {
    table.add({row.program.empty() ? row.test : row.program, row.kernel, row.backend, row.work,
               std::to_string(row.errors), std::to_string(row.watches), std::to_string(row.wakeups),
               std::to_string(row.events), row.passed ? "passed" : "failed"});
  }
  return table.text();
}

nlohmann::json to_json(const std::vector<AppRow>& rows) {
  auto list = nlohmann::json::array();
  for (const AppRow& row : rows) {
    list.push_back({{"program", row.program},
                    {"kernel", row.kernel},
                    {"backend", row.backend},
                    {"test", row.test},
                    {"work", row.work},
                    {"errors", row.errors},
                    {"instances", row.instances},
                    {"watches", row.watches},
                    {"wakeups", row.wakeups},
                    {"events", row.events},
                    {"passed", row.passed}});
  }
  return {{"rows", list}};
}

}  // namespace xpoll::report
