// SPDX-License-Identifier: GPL-2.0-only
#include "campaign.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "divergence.h"
#include "generator.h"
#include "report.h"
#include "tools/util/descriptors.h"
#include "tools/util/eventfd.h"

namespace xpoll::fuzz {
namespace {

constexpr std::uint64_t kSteps = 3000;
constexpr int kSecondWorldsDescriptors = 200;

std::optional<Finding> run_native_only(Outcomes& outcomes) {
  Stage stage(Backend::native());
  const Campaign campaign{.seed = 5, .steps = kSteps};
  std::optional<Finding> finding = campaign.run(stage, [](std::uint64_t) {});
  outcomes = stage.outcomes;
  return finding;
}

// A difference here would be a fault of the fuzzer: an effect that it did not wait for.
TEST(CampaignTest, FindsNoDifferenceBetweenNativeEpollAndItself) {
  Outcomes outcomes;
  const std::optional<Finding> finding = run_native_only(outcomes);
  EXPECT_FALSE(finding.has_value()) << finding->difference;
}

TEST(CampaignTest, TheSameSeedHasTheSameOutcomes) {
  Outcomes one;
  Outcomes other;
  run_native_only(one);
  run_native_only(other);
  EXPECT_EQ(one.table(), other.table());
}

TEST(CampaignTest, ADifferenceEndsTheEpisodeWithItsStep) {
  Stage stage(Backend::native());
  const Operation differs{
      "differs", {}, [](Lockstep&, const Arguments&) { throw Divergence("seen"); }};
  const Step poll{&operation_named("poll")};
  const std::optional<Finding> finding = play(stage, {poll, Step{&differs}, poll});
  ASSERT_TRUE(finding.has_value());
  EXPECT_THAT(finding->steps, testing::ElementsAre(poll, Step{&differs}));
  EXPECT_EQ(finding->difference, "seen");
}

// The descriptors of the second world are in use at first, so a step on an empty slot differs. The
// world closes them, so no replay differs.
TEST(CampaignTest, ADifferenceEndsTheRunAndItIsToldThatItDidNotComeAgain) {
  Stage stage(Backend::native());
  const unique_fd file = make_eventfd();
  for (int slot = 0; slot < kSlots; ++slot)
    checked(dup2(file.get(), kSecondWorldsDescriptors + slot), "dup2");
  const Campaign campaign{.seed = 5, .steps = kSteps};
  const std::optional<Finding> finding = campaign.run(stage, [](std::uint64_t) {});
  ASSERT_TRUE(finding.has_value());
  EXPECT_LT(finding->found_after, Campaign::kEpisodeSteps);
  EXPECT_FALSE(finding->reproducible);
  EXPECT_THAT(to_text(campaign, *finding), testing::HasSubstr("NOT REPRODUCIBLE"));
  EXPECT_EQ(to_json(campaign, finding, stage.outcomes).at("divergences"), 1);
}

// Every step works in a world without open descriptors, as shrinking requires.
TEST(CampaignTest, EachStepCanBeTakenAlone) {
  Stage stage(Backend::native());
  for (const Step& step : generate_episode(9, 9, 300)) {
    const std::optional<Finding> finding = play(stage, {step});
    EXPECT_FALSE(finding.has_value()) << to_cxx(step) << ' ' << finding->difference;
  }
}

}  // namespace
}  // namespace xpoll::fuzz
