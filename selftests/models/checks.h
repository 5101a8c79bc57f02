// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace xpoll::models {

/** What a check expects of a model in which every property holds. */
inline constexpr const char* kHolds = "holds";

/** One run of spin: a model in one scenario, as it is or with one of its guards taken out. */
struct Check {
  std::string model;  // a .pml file
  std::string scenario;
  std::vector<std::string> defines;  // of the scenario; with the switch, if there is one
  std::string switch_name;           // empty: the model as it is
  std::string about;                 // the scenario's content, or what the switch takes out
  std::string expected;              // kHolds, or the property that fails
};

/** All checks that the list of models asks for, in its order. */
std::vector<Check> read_checks(const nlohmann::json& list);

/** "wake/level/WITHOUT_PASS_ON": names the check and its directory. */
std::string name_of(const Check& check);

}  // namespace xpoll::models
