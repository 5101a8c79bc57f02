// SPDX-License-Identifier: GPL-2.0-only
#include "debug/table.h"

#include <fmt/format.h>

#include <algorithm>

namespace xpoll::debug {

namespace {

constexpr const char* kLine = "{:<9} {:<20} {:<10} {:>7} {:>7} {:>6} {:>7} {:>6} {:>6} {:>6}  {}\n";

std::string verdict(const Evidence& run) {
  if (run.outcome != "passed" || run.passed()) return run.outcome;
  return run.tests.failed > 0 ? "failed" : "nothing-ran";
}

std::string to_line(const Evidence& run) {
  return fmt::format(kLine, profile_of(run.kernel), run.release, run.suite,
                     fmt::format("{:.0f} s", run.seconds), run.tests.passed, run.tests.failed,
                     run.tests.skipped, run.splats, run.lost, run.leaks, verdict(run));
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
                    {"produced", run.produced},
                    {"lost", run.lost},
                    {"splats", run.splats},
                    {"leaks", run.leaks},
                    {"outcome", verdict(run)}});
  }
  return {{"runs", rows}, {"passed", std::ranges::all_of(runs, &Evidence::passed)}};
}

}  // namespace xpoll::debug
