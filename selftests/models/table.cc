// SPDX-License-Identifier: GPL-2.0-only
#include "models/table.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace xpoll::models {

bool as_expected(const Result& result) { return result.verdict.found == result.check.expected; }

std::string to_table(const std::vector<Result>& results) {
  constexpr const char* kRow = "{:<10} {:<18} {:<38} {:>9} {:>6}  {:<26} {}\n";
  std::string table =
      fmt::format(kRow, "model", "scenario", "switch", "states", "s", "found", "expected");
  for (const Result& result : results) {
    const Check& check = result.check;
    const std::string expected =
        as_expected(result) ? "as expected" : "EXPECTED: " + check.expected;
    table += fmt::format(kRow, std::filesystem::path{check.model}.stem().string(), check.scenario,
                         check.switch_name.empty() ? "-" : check.switch_name, result.verdict.states,
                         fmt::format("{:.1f}", result.seconds), result.verdict.found, expected);
  }
  return table;
}

nlohmann::json to_json(const std::vector<Result>& results) {
  auto list = nlohmann::json::array();
  for (const Result& result : results) {
    list.push_back({{"model", result.check.model},
                    {"scenario", result.check.scenario},
                    {"defines", result.check.defines},
                    {"switch", result.check.switch_name},
                    {"about", result.check.about},
                    {"found", result.verdict.found},
                    {"expected", result.check.expected},
                    {"states", result.verdict.states},
                    {"seconds", result.seconds}});
  }
  return list;
}

}  // namespace xpoll::models
