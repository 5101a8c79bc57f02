// SPDX-License-Identifier: GPL-2.0-only
#include "models/checks.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <stdexcept>

namespace xpoll::models {

using nlohmann::json;

namespace {

Check scenario_check(const std::string& model, const json& scenario) {
  return {.model = model,
          .scenario = scenario.at("name"),
          .defines = scenario.at("defines"),
          .switch_name = "",
          .about = scenario.at("about"),
          .expected = scenario.value("expect", kHolds)};
}

/** The check of a scenario with the switch set. */
Check switch_check(const std::string& model, const json& scenarios, const json& entry) {
  const std::string wanted = entry.at("scenario");
  for (const json& scenario : scenarios) {
    if (scenario.at("name") != wanted) continue;
    Check check = scenario_check(model, scenario);
    check.switch_name = entry.at("name");
    check.about = entry.at("stands_for");
    check.expected = entry.at("expect");
    check.defines.push_back(check.switch_name);
    return check;
  }
  throw std::runtime_error(fmt::format("{}: no scenario \"{}\"", model, wanted));
}

}  // namespace

std::vector<Check> read_checks(const json& list) {
  std::vector<Check> checks;
  for (const json& entry : list) {
    const std::string model = entry.at("model");
    const json& scenarios = entry.at("scenarios");
    for (const json& scenario : scenarios) checks.push_back(scenario_check(model, scenario));
    for (const json& sw : entry.at("switches"))
      checks.push_back(switch_check(model, scenarios, sw));
  }
  return checks;
}

std::string name_of(const Check& check) {
  const std::string stem = std::filesystem::path{check.model}.stem();
  const std::string name = stem + "/" + check.scenario;
  return check.switch_name.empty() ? name : name + "/" + check.switch_name;
}

}  // namespace xpoll::models
