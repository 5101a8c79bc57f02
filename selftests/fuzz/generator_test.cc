// SPDX-License-Identifier: GPL-2.0-only
#include "generator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "random.h"

namespace xpoll::fuzz {
namespace {

constexpr std::size_t kSteps = 300;

std::string text(const std::vector<Step>& steps) { return to_cxx_test(steps, "Generated"); }

// A seed in a report must yield the same steps on another machine, with another C++ library.
TEST(RandomTest, GivesTheNumbersThatItGaveWhenThisWasWritten) {
  Random random(1, 0);
  EXPECT_EQ(random.bits(), 8144083929183497542U);
  EXPECT_EQ(random.below(1000), 58U);
}

TEST(GeneratorTest, TheSameSeedAndEpisodeGiveTheSameSteps) {
  EXPECT_EQ(text(generate_episode(7, 3, kSteps)), text(generate_episode(7, 3, kSteps)));
}

TEST(GeneratorTest, AnotherSeedOrEpisodeGivesOthers) {
  const std::string one = text(generate_episode(7, 3, kSteps));
  EXPECT_NE(one, text(generate_episode(8, 3, kSteps)));
  EXPECT_NE(one, text(generate_episode(7, 4, kSteps)));
}

TEST(GeneratorTest, AShortEpisodeIsTheBeginningOfALongOne) {
  const std::vector<Step> all = generate_episode(7, 3, kSteps);
  const std::vector<Step> some = generate_episode(7, 3, kSteps / 2);
  EXPECT_TRUE(std::equal(some.begin(), some.end(), all.begin()));
}

TEST(GeneratorTest, EveryOperationIsChosen) {
  std::set<std::string_view> chosen;
  for (std::uint64_t episode = 0; episode < 100; episode++)
    for (const Step& step : generate_episode(1, episode, kSteps))
      chosen.insert(step.operation->name);
  for (const Operation& operation : operations())
    EXPECT_TRUE(chosen.contains(operation.name)) << operation.name;
}

}  // namespace
}  // namespace xpoll::fuzz
