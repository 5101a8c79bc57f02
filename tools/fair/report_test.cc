// SPDX-License-Identifier: GPL-2.0-only
#include "report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace fair {
namespace {

using testing::ContainsRegex;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

Outcome uneven() {
  return {.server = "echo",
          .name = "native",
          .shares = {10, 60, 30},
          .to_silent = 1234,
          .hang = Hang{.requests = 80, .waited = 20}};
}

Outcome of_nginx(Shares shares) {
  return {.server = "nginx",
          .name = "policy",
          .shares = std::move(shares),
          .to_silent = {},
          .hang = {}};
}

std::string text_of(const Outcome& outcome) {
  return to_text({.kernel = "Linux", .outcomes = {outcome}});
}

TEST(FairReport, TableHasTheBusiestAndTheLeastAndTheirRatio) {
  EXPECT_THAT(text_of(uneven()),
              ContainsRegex("echo +native +60.0 % +10.0 % +6.00 +1,234 +20 of 80\n"));
}

TEST(FairReport, WorkerWithNothingLeavesNoRatio) {
  EXPECT_THAT(text_of(of_nginx({4, 0})), ContainsRegex("100.0 % +0.0 % +-\n"));
}

TEST(FairReport, WhatWasNotMeasuredIsLeftOut) {
  EXPECT_THAT(text_of(of_nginx({5, 5})), ContainsRegex("50.0 % +50.0 % +1.00\n"));
  const auto json =
      nlohmann::json::parse(to_json({.kernel = "Linux", .outcomes = {of_nginx({5, 5})}}));
  EXPECT_FALSE(json["outcomes"][0].contains("hang"));
  EXPECT_FALSE(json["outcomes"][0].contains("to_silent_worker"));
}

TEST(FairReport, JsonHasEachWorker) {
  const auto json = nlohmann::json::parse(to_json({.kernel = "Linux", .outcomes = {uneven()}}));
  EXPECT_EQ(json["kernel"], "Linux");
  const auto& outcome = json["outcomes"][0];
  EXPECT_EQ(outcome["connections"], 100);
  EXPECT_EQ(outcome["connections_by_worker"], (Shares{10, 60, 30}));
  EXPECT_EQ(outcome["to_silent_worker"], 1234);
  EXPECT_EQ(outcome["hang"]["requests"], 80);
  EXPECT_EQ(outcome["hang"]["waited"], 20);
}

TEST(FairReport, PictureHasTheBusiestFirstAndThenTheHangs) {
  const std::string plot = to_plot({.kernel = "Linux", .outcomes = {of_nginx({1, 3}), uneven()}});
  EXPECT_THAT(
      plot, StartsWith("0 0.000 75.000 0 \"nginx: policy\"\n0 75.000 100.000 1 \"nginx: policy\"\n"
                       "1 0.000 60.000 0 \"echo: native\"\n"));
  EXPECT_THAT(plot, HasSubstr("\n1 90.000 100.000 2 \"echo: native\"\n\n\n"));
  EXPECT_THAT(plot, EndsWith("\n\n1 25.000\n"));
}

}  // namespace
}  // namespace fair
