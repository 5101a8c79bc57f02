// SPDX-License-Identifier: GPL-2.0-only
#include "attack/outcome.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace xpoll::attack {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::uint64_t kSecond = 1'000'000'000;

Slice slice(const std::string& backend, std::uint64_t requests, std::uint64_t longest_ns = 1) {
  Slice slice;
  slice.backend = backend;
  slice.seconds = 10;
  slice.requests = requests;
  slice.longest_ns = longest_ns;
  slice.started = 1;
  return slice;
}

Outcome of(const Slice& native, const Slice& xpoll) {
  Outcome outcome(7, {.factor = 2, .pause_factor = 10, .pause_floor_seconds = 5});
  outcome.add(native);
  outcome.add(xpoll);
  return outcome;
}

TEST(AttackOutcome, TheRatioIsOfRatesOfAllSlices) {
  Outcome outcome = of(slice("native", 1000), slice("xpoll", 700));
  outcome.add(slice("xpoll", 300));
  EXPECT_DOUBLE_EQ(outcome.ratio(""), 2);
  EXPECT_FALSE(outcome.exceeds(""));
  EXPECT_THAT(outcome.faults(), IsEmpty());
}

TEST(AttackOutcome, EachActByItselfHasARatio) {
  Outcome outcome = of(slice("native", 1000), slice("xpoll", 1000));
  Slice native = slice("native", 900);
  Slice xpoll = slice("xpoll", 300);
  native.act = xpoll.act = "nest";
  outcome.add(native);
  outcome.add(xpoll);
  EXPECT_DOUBLE_EQ(outcome.ratio("nest"), 3);
  EXPECT_TRUE(outcome.exceeds("nest"));
  EXPECT_THAT(outcome.faults(), Contains(HasSubstr("attacked by nest")));
  // Further slices tell that it was an accident.
  xpoll.requests = 1500;
  outcome.add(native);
  outcome.add(xpoll);
  EXPECT_FALSE(outcome.exceeds("nest"));
  EXPECT_THAT(outcome.faults(), IsEmpty());
}

TEST(AttackOutcome, FewerRequestsThanTheFactorAllowsAreAFault) {
  EXPECT_THAT(of(slice("native", 1000), slice("xpoll", 499)).faults(),
              Contains(HasSubstr("2.00 times as many requests")));
}

TEST(AttackOutcome, AVictimThatNeverHadAReplyIsAFault) {
  EXPECT_FALSE(of(slice("native", 1000), slice("xpoll", 0)).faults().empty());
  EXPECT_FALSE(of(slice("native", 0), slice("xpoll", 0)).faults().empty());
}

Outcome with_pauses(std::uint64_t native, std::uint64_t xpoll) {
  Outcome outcome = of(slice("native", 9, native), slice("xpoll", 9, xpoll));
  outcome.add(slice("xpoll", 9, xpoll));
  return outcome;
}

TEST(AttackOutcome, PausesAreAFaultAboveTheFloorAndNativesPauseTimesTheFactor) {
  EXPECT_THAT(with_pauses(kSecond / 10, 5 * kSecond).faults(), IsEmpty());
  EXPECT_THAT(with_pauses(kSecond / 10, 6 * kSecond).faults(),
              ElementsAre(HasSubstr("paused for more than 5.00 s in 2 slices")));
  EXPECT_THAT(with_pauses(kSecond, 9 * kSecond).faults(), IsEmpty());
}

TEST(AttackOutcome, ASinglePauseIsLookedAtAgain) {
  Outcome outcome = of(slice("native", 9), slice("xpoll", 9, 6 * kSecond));
  EXPECT_TRUE(outcome.exceeds(""));
  EXPECT_THAT(outcome.faults(), IsEmpty());
}

TEST(AttackOutcome, APauseOfNativeEpollInOneActAllowsNoneInAnother) {
  Outcome outcome = with_pauses(1, 6 * kSecond);
  for (const char* backend : {"native", "xpoll"}) {
    Slice hang = slice(backend, 9, 9 * kSecond);
    hang.act = "hang";
    outcome.add(hang);
  }
  EXPECT_THAT(outcome.faults(), ElementsAre(HasSubstr("attacked by all, the victim paused")));
}

TEST(AttackOutcome, ACallOfTheVictimThatFailsOnXpollIsAFault) {
  Slice failed = slice("xpoll", 1000);
  failed.failures = 3;
  failed.failure = "ENOMEM";
  EXPECT_THAT(of(slice("native", 1000), failed).faults(), Contains(HasSubstr("ENOMEM")));
}

TEST(AttackOutcome, ASliceWithoutAnAttackIsAFault) {
  Slice quiet = slice("xpoll", 1000);
  quiet.started = 0;
  EXPECT_THAT(of(slice("native", 1000), quiet).faults(),
              Contains(HasSubstr("nobody attacked xpoll")));
}

TEST(AttackOutcome, AnActThatNeverDidAnythingIsAFaultUnlessItIsOptional) {
  Outcome outcome = of(slice("native", 9), slice("xpoll", 9));
  outcome.add("xpoll", "nest", {.started = 20, .effects = 0}, true);
  outcome.add("xpoll", "seldom", {.started = 19, .effects = 0}, false);
  EXPECT_THAT(outcome.faults(), IsEmpty());
  outcome.add("xpoll", "dups", {.started = 20, .effects = 0}, false);
  EXPECT_THAT(outcome.faults(), Contains(HasSubstr("dups on xpoll did nothing")));
  EXPECT_EQ(outcome.json().at("steps"), 59);
}

TEST(AttackOutcome, AnOptionalActThatDidSomethingOnXpollOnlyIsNoFault) {
  Outcome outcome = of(slice("native", 9), slice("xpoll", 9));
  outcome.add("native", "busy_poll", {.started = 20, .effects = 0}, true);
  outcome.add("xpoll", "busy_poll", {.started = 20, .effects = 1}, true);
  EXPECT_THAT(outcome.faults(), IsEmpty());
}

TEST(AttackOutcome, AnOptionalActThatDidSomethingOnNativeEpollOnlyIsAFault) {
  Outcome outcome = of(slice("native", 9), slice("xpoll", 9));
  outcome.add("native", "trace", {.started = 20, .effects = 1}, true);
  outcome.add("xpoll", "trace", {.started = 20, .effects = 0}, true);
  EXPECT_THAT(outcome.faults(), ElementsAre(HasSubstr("trace on xpoll did nothing")));
}

}  // namespace
}  // namespace xpoll::attack
