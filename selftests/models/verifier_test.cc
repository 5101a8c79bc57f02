// SPDX-License-Identifier: GPL-2.0-only
#include "models/verifier.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <stdexcept>

namespace xpoll::models {
namespace {

using testing::ElementsAre;

TEST(ModelVerdict, HoldsWithoutErrors) {
  const Verdict verdict = parse_verdict(
      "State-vector 72 byte, depth reached 137, errors: 0\n     8098 states, stored\n");
  EXPECT_EQ(verdict.found, kHolds);
  EXPECT_EQ(verdict.states, 8098U);
}

TEST(ModelVerdict, NamesTheProperty) {
  const Verdict verdict = parse_verdict(
      "pan:1: assertion violated ((((a==0)||(b>0)))||lost_wakeup) (at depth 102)\n"
      "Warning: Search not completed\n\tinvalid end states\t+\n"
      "State-vector 80 byte, depth reached 149, errors: 1\n     2383 states, stored\n");
  EXPECT_EQ(verdict.found, "lost_wakeup");
}

TEST(ModelVerdict, CallsAnInvalidEndStateADeadlock) {
  const Verdict verdict = parse_verdict(
      "pan:1: invalid end state (at depth 12)\nWarning: Search not completed\n"
      "State-vector 80 byte, depth reached 12, errors: 1\n       12 states, stored\n");
  EXPECT_EQ(verdict.found, "deadlock");
}

TEST(ModelVerdict, RefusesASearchThatWasCutShort) {
  EXPECT_THROW(parse_verdict("pan: reached -DMEMLIM bound\nWarning: Search not completed\n"
                             "State-vector 80 byte, errors: 0\n 2383 states, stored\n"),
               std::runtime_error);
  EXPECT_THROW(parse_verdict("error: max search depth too small\n"
                             "State-vector 80 byte, errors: 0\n 2383 states, stored\n"),
               std::runtime_error);
  EXPECT_THROW(parse_verdict(""), std::runtime_error);
}

TEST(ModelVerdict, RefusesAnErrorOfNoProperty) {
  EXPECT_THROW(parse_verdict("pan:1: assertion violated (a==0) (at depth 1)\n"
                             "State-vector 80 byte, errors: 1\n 2 states, stored\n"),
               std::runtime_error);
}

constexpr const char* kList = R"json([{"model": "wake.pml",
    "scenarios": [{"name": "edge", "defines": ["KIND0=EDGE"], "about": "an edge item"}],
    "switches": [{"name": "WITHOUT_X", "scenario": "edge", "stands_for": "x()",
                  "expect": "lost_wakeup"}]}])json";

TEST(ModelChecks, ASwitchGoesWithItsScenario) {
  const auto checks = read_checks(nlohmann::json::parse(kList));
  ASSERT_EQ(checks.size(), 2U);
  EXPECT_EQ(checks[0].expected, kHolds);
  EXPECT_EQ(name_of(checks[1]), "wake/edge/WITHOUT_X");
  EXPECT_THAT(checks[1].defines, ElementsAre("KIND0=EDGE", "WITHOUT_X"));
  EXPECT_EQ(checks[1].expected, "lost_wakeup");
}

TEST(ModelChecks, ASwitchWithoutAScenarioIsAnError) {
  nlohmann::json list = nlohmann::json::parse(kList);
  list[0]["scenarios"].clear();
  EXPECT_THROW(read_checks(list), std::runtime_error);
}

}  // namespace
}  // namespace xpoll::models
