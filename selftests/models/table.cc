// SPDX-License-Identifier: GPL-2.0-only
#include "models/table.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "tools/util/text_table.h"

namespace xpoll::models {

bool as_expected(const Result& result) { return result.verdict.found == result.check.expected; }

std::string to_table(const std::vector<Result>& results) {
  TextTable table({left("model", 10), left("scenario", 18), left("switch", 38), right("states", 9),
                   right("s", 6), left("found", 26), left("expected")},
                  1);
  for (const Result& result : results) {
    const Check& check = result.check;
    const std::string expected =
        as_expected(result) ? "as expected" : "EXPECTED: " + check.expected;
    table.add({std::filesystem::path{check.model}.stem(), check.scenario,
               check.switch_name.empty() ? "-" : check.switch_name,
               std::to_string(result.verdict.states), fmt::format("{:.1f}", result.seconds),
               result.verdict.found, expected});
  }
  return table.text();
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
