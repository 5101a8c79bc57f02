// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace xpoll::models {

/** The expected result of a model in which every property holds. */
inline constexpr const char* kHolds = "holds";

/** One run of spin: a model in one scenario, unchanged or with one guard removed. */
struct Check {
  std::string model;  // a .pml file
  std::string scenario;
  std::vector<std::string> defines;  // of the scenario and of the switch, if any
  std::string switch_name;           // empty: the model is unchanged
  std::string about;                 // describes the scenario, or what the switch removes
  std::string expected;              // kHolds, or the property that must fail
};

/** All checks in the list of models, in order. */
std::vector<Check> read_checks(const nlohmann::json& list);

/** "wake/level/WITHOUT_PASS_ON": the name of the check and of its directory. */
std::string name_of(const Check& check);

}  // namespace xpoll::models
