// SPDX-License-Identifier: GPL-2.0-only
#include "report.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

namespace xpoll::fuzz {
namespace {

std::string test_name(const Campaign& campaign, const Finding& finding) {
  return fmt::format("Seed{}Episode{}", campaign.seed, finding.episode);
}

struct Goal {
  std::string_view operation;
  std::string_view outcome;
};

// Operations that are counted by their effect, and other goals of a run.
constexpr std::array kGoals{
    Goal{"ctl ADD", kDone},
    Goal{"ctl MOD", kDone},
    Goal{"ctl DEL", kDone},
    Goal{"ctl ADD nested", kDone},
    Goal{"ctl ADD nested", "ELOOP"},
    Goal{"ctl MOD nested", kDone},
    Goal{"ctl DEL nested", kDone},
    Goal{"ctl_without_event", kDone},
    Goal{"ctl_without_event", "EFAULT"},
    Goal{"enter", "1 events"},
    Goal{"enter ADD", kDone},
    Goal{"enter ADD", "EEXIST"},
    Goal{"enter MOD", kDone},
    Goal{"enter MOD", "ENOENT"},
    Goal{"enter DEL", kDone},
    Goal{"enter UPSERT", kDone},
    Goal{"ring events", "the same"},
    Goal{"ring events", "in the ring only"},
    Goal{"ring events", "posted"},
    Goal{"wait", "1 events"},
    Goal{"wait_into", "1 events"},
    Goal{"wait_into", "EFAULT"},
    Goal{"pwait2", "1 events"},
    Goal{"pwait2_unreadable", "EFAULT"},
    Goal{"receive", "a descriptor"},
    Goal{"blocked waits", "0 of 1 ended by a step"},
    Goal{"blocked waits", "1 of 1 ended by a step"},
    Goal{"blocked waits", "1 of 2 ended by a step"},
};

bool counted_by_goals(std::string_view operation) {
  return operation == "ctl" ||
         std::ranges::find(kGoals, operation, &Goal::operation) != kGoals.end();
}

}  // namespace

std::string to_text(const Campaign& campaign, const Finding& finding) {
  return fmt::format("The worlds differ, seed {}, episode {}, after {} steps{}:\n{}\n\n{}",
                     campaign.seed, finding.episode, finding.found_after,
                     finding.reproducible ? "" : ", NOT REPRODUCIBLE, so not shrunk",
                     finding.difference, to_cxx_test(finding.steps, test_name(campaign, finding)));
}

nlohmann::json to_json(const Campaign& campaign, const std::optional<Finding>& finding,
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
                          {"test", to_cxx_test(finding->steps, test_name(campaign, *finding))}};
  return json;
}

std::vector<std::string> never_succeeded(const Outcomes& outcomes) {
  std::vector<std::string> never;
  for (const Operation& operation : operations())
    if (!counted_by_goals(operation.name) && outcomes.of(operation.name, kDone) == 0)
      never.emplace_back(operation.name);
  for (const Goal& goal : kGoals)
    if (outcomes.of(goal.operation, goal.outcome) == 0)
      never.push_back(fmt::format("{}: {}", goal.operation, goal.outcome));
  return never;
}

}  // namespace xpoll::fuzz
