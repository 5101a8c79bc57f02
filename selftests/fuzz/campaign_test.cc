// SPDX-License-Identifier: GPL-2.0-only
#include "campaign.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/epoll.h>

#include "generator.h"

namespace xpoll::fuzz {
namespace {

constexpr std::uint64_t kSteps = 3000;

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
