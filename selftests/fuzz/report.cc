// SPDX-License-Identifier: GPL-2.0-only
#include "report.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

namespace xpoll_fuzz {
namespace {

std::string testName(const Campaign& campaign, const Finding& finding) {
  return fmt::format("Seed{}Episode{}", campaign.seed, finding.episode);
}

struct Goal {
  std::string_view operation;
  std::string_view outcome;
};

// Operations that are counted by what they did, and what else a run has to reach.
constexpr std::array kGoals{
    Goal{"ctl ADD", kDone},
    Goal{"ctl MOD", kDone},
    Goal{"ctl DEL", kDone},
    Goal{"ctl ADD nested", kDone},
    Goal{"ctl ADD nested", "ELOOP"},
    Goal{"ctl MOD nested", kDone},
    Goal{"ctl DEL nested", kDone},
    Goal{"ctlWithoutEvent", kDone},
    Goal{"ctlWithoutEvent", "EFAULT"},
    Goal{"wait", "1 events"},
    Goal{"waitInto", "1 events"},
    Goal{"waitInto", "EFAULT"},
    Goal{"pwait2", "1 events"},
    Goal{"pwait2Unreadable", "EFAULT"},
    Goal{"receive", "a descriptor"},
    Goal{"blocked waits", "0 of 1 ended by a step"},
    Goal{"blocked waits", "1 of 1 ended by a step"},
    Goal{"blocked waits", "1 of 2 ended by a step"},
};

bool countedByGoals(std::string_view operation) {
  return operation == "ctl" ||
         std::ranges::find(kGoals, operation, &Goal::operation) != kGoals.end();
}

}  // namespace

std::string toText(const Campaign& campaign, const Finding& finding) {
  return fmt::format("The worlds differ, seed {}, episode {}, after {} steps{}:\n{}\n\n{}",
                     campaign.seed, finding.episode, finding.found_after,
                     finding.reproducible ? "" : ", NOT REPRODUCIBLE, so not shrunk",
                     finding.difference, toCxxTest(finding.steps, testName(campaign, finding)));
}

nlohmann::json toJson(const Campaign& campaign, const std::optional<Finding>& finding,
                      const Outcomes& outcomes) {
  nlohmann::json json{{"seed", campaign.seed},
                      {"first_episode", campaign.first_episode},
                      {"steps", campaign.steps},
                      {"divergences", finding ? 1 : 0},
                      {"outcomes", outcomes.json()}};
  if (finding)
    json["divergence"] = {{"episode", finding->episode},
                          {"found_after", finding->found_after},
                          {"reproducible", finding->reproducible},
                          {"difference", finding->difference},
                          {"test", toCxxTest(finding->steps, testName(campaign, *finding))}};
  return json;
}

std::vector<std::string> neverSucceeded(const Outcomes& outcomes) {
  std::vector<std::string> never;
  for (const Operation& operation : operations())
    if (!countedByGoals(operation.name) && outcomes.of(operation.name, kDone) == 0)
      never.emplace_back(operation.name);
  for (const Goal& goal : kGoals)
    if (outcomes.of(goal.operation, goal.outcome) == 0)
      never.push_back(fmt::format("{}: {}", goal.operation, goal.outcome));
  return never;
}

}  // namespace xpoll_fuzz
