// SPDX-License-Identifier: GPL-2.0-only
#include "debug/table.h"

#include <fmt/format.h>

#include <algorithm>

namespace xpoll::debug {

namespace {

constexpr const char* kLine = "{:<9} {:<8} {:<12} {:>7} {:>13} {:>6} {:>7} {:>6} {:>7} {:>6}  {}\n";
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

std::string to_line(const Evidence& run) {
  return fmt::format(
      kLine, profile_of(run.kernel), run.release, run.suite, fmt::format("{:.0f} s", run.seconds),
      work(run), amount(run.has_tests, run.tests.failed), amount(run.has_tests, run.tests.skipped),
      run.splats, amount(run.produced > 0, run.lost),
      amount(run.has_leak_detector || run.leaks > 0, run.leaks), verdict(run));
}

}  // namespace

std::string to_table(const std::vector<Evidence>& runs) {
  std::string table = fmt::format(kLine, "profile", "kernel", "suite", "time", "passed", "failed",
                                  "skipped", "splats", "losses", "leaks", "outcome");
  for (const Evidence& run : runs) table += to_line(run);
  return table;
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
                    {"has_leak_detector", run.has_leak_detector},
                    {"leaks", run.leaks},
                    {"outcome", verdict(run)}});
  }
  return {{"runs", rows}, {"passed", std::ranges::all_of(runs, &Evidence::passed)}};
}

}  // namespace xpoll::debug
