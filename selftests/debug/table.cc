// SPDX-License-Identifier: GPL-2.0-only
#include "debug/table.h"

#include <fmt/format.h>

#include <algorithm>

#include "tools/util/text_table.h"

namespace xpoll::debug {

namespace {

constexpr const char* kNotKnown = "-";

std::string verdict(const Evidence& run) {
  if (run.outcome != "passed" || run.passed()) return run.outcome;
  return run.tests.failed > 0 ? "failed" : "nothing-ran";
}

std::string amount(bool is_known, long number) {
  return is_known ? std::to_string(number) : kNotKnown;
}

/** What passed: tests, or a fuzzer's steps. */
std::string work(const Evidence& run) {
  if (run.has_tests) return std::to_string(run.tests.passed);
  return run.steps > 0 ? fmt::format("{} steps", run.steps) : kNotKnown;
}

std::vector<std::string> to_cells(const Evidence& run) {
  return {std::string{profile_of(run.kernel)},
          run.release,
          run.suite,
          fmt::format("{:.0f} s", run.seconds),
          work(run),
          amount(run.has_tests, run.tests.failed),
          amount(run.has_tests, run.tests.skipped),
          std::to_string(run.splats),
          amount(run.produced > 0, run.lost),
          amount(run.leaks_searched || run.leaks > 0, run.leaks),
          verdict(run)};
}

}  // namespace

std::string to_table(const std::vector<Evidence>& runs) {
  TextTable table({left("profile", 9), left("kernel", 8), left("suite", 12), right("time", 7),
                   right("passed", 13), right("failed", 6), right("skipped", 7), right("splats", 6),
                   right("losses", 7), right("leaks", 6), left("outcome")},
                  1);
  for (const Evidence& run : runs) table.add(to_cells(run));
  return table.text();
}

nlohmann::json to_json(const std::vector<Evidence>& runs) {
  auto rows = nlohmann::json::array();
  for (const Evidence& run : runs) {
    rows.push_back({{"profile", profile_of(run.kernel)},
                    {"kernel", run.kernel},
                    {"release", run.release},
                    {"suite", run.suite},
                    {"seconds", run.seconds},
                    {"passed", run.tests.passed},
                    {"failed", run.tests.failed},
                    {"skipped", run.tests.skipped},
                    {"steps", run.steps},
                    {"produced", run.produced},
                    {"lost", run.lost},
                    {"splats", run.splats},
                    {"leaks_searched", run.leaks_searched},
                    {"leaks", run.leaks},
                    {"outcome", verdict(run)}});
  }
  return {{"runs", rows}, {"passed", std::ranges::all_of(runs, &Evidence::passed)}};
}

}  // namespace xpoll::debug
