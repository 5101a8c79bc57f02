// SPDX-License-Identifier: GPL-2.0-only
#include "goals.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sample_results.h"

namespace bench_report {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

TEST(Goals, HoldXpollAgainstNativeEpollInEachPlace) {
  const auto verdicts = judge(results_of({{"ctl_add_tcp/epoll/1", 1000},
                                          {"ctl_add_tcp/xpoll/1", 1050},
                                          {"ctl_add_tcp/epoll/1000", 1000},
                                          {"ctl_add_tcp/xpoll/1000", 1060}}));
  ASSERT_THAT(verdicts, SizeIs(2));
  EXPECT_DOUBLE_EQ(verdicts[0].ratio, 1.05);
  EXPECT_TRUE(verdicts[0].met());
  EXPECT_EQ(verdicts[1].where, "ctl_add_tcp 1000");
  EXPECT_FALSE(verdicts[1].met());
}

TEST(Goals, SayNothingWithoutBothSides) {
  EXPECT_THAT(judge(results_of({{"ctl_add_tcp/xpoll/1", 1}, {"ctl_del_tcp/epoll/1", 1}})),
              IsEmpty());
}

TEST(Goals, LeaveOutWhatIsNoCost) {
  nlohmann::json run = empty_run();
  for (const char* name : {"wait_level_tcp/epoll/1/1000", "wait_level_tcp/xpoll/1/1000"}) {
    run["benchmarks"].push_back({{"name", name}, {"instructions", 5}, {"calls", 7}});
  }
  EXPECT_THAT(judge(read_results(run)), SizeIs(1));
}

TEST(Goals, HoldTheCallsOfAnEchoThatKnowsTheBytes) {
  nlohmann::json run = empty_run();
  run["benchmarks"].push_back({{"name", "echo_until_empty_tcp/xpoll_extended/64/1000"},
                               {"instructions", 20'000},
                               {"calls", 3.0}});
  const auto verdicts = judge(read_results(run));
  ASSERT_THAT(verdicts, SizeIs(1));
  EXPECT_DOUBLE_EQ(verdicts[0].ratio, 3.0);
  EXPECT_FALSE(verdicts[0].met());
}

TEST(Goals, TakeAnUnwatchedWritesCostOutOfTheCallbacks) {
  const auto verdicts = judge(results_of({{"callback_eventfd/unwatched/100", 700},
                                          {"callback_eventfd/epoll/100", 900},
                                          {"callback_eventfd/xpoll/100", 880}}));
  ASSERT_THAT(verdicts, SizeIs(1));
  EXPECT_DOUBLE_EQ(verdicts[0].ratio, 0.9);
  EXPECT_TRUE(verdicts[0].met());
}

TEST(Goals, HoldTheLoadedModuleAgainstNone) {
  const auto verdicts = judge(
      results_of({{"unwatched_close_tcp/unloaded", 1000}, {"unwatched_close_tcp/loaded", 1020}}));
  ASSERT_THAT(verdicts, SizeIs(1));
  EXPECT_DOUBLE_EQ(verdicts[0].ratio, 1.02);
  EXPECT_FALSE(verdicts[0].met());
}

TEST(Goals, HoldDifferences) {
  const auto verdicts = judge(results_of({{"extended_wait_tcp/plain/1000", 200},
                                          {"extended_wait_tcp/extended/1000", 234},
                                          {"watch_mod_tcp/by_number", 1000},
                                          {"watch_mod_tcp/by_cookie", 951}}));
  ASSERT_THAT(verdicts, SizeIs(2));
  EXPECT_DOUBLE_EQ(verdicts[0].ratio, -49);
  EXPECT_FALSE(verdicts[0].met());
  EXPECT_DOUBLE_EQ(verdicts[1].ratio, 34);
  EXPECT_TRUE(verdicts[1].met());
}

TEST(Goals, WithoutARowAreNamed) {
  const Results none = results_of({});
  const std::vector<std::string> all = unjudged(none);
  EXPECT_THAT(all, testing::Contains("ADD"));
  const std::vector<std::string> rest =
      unjudged(results_of({{"ctl_add_tcp/epoll/1", 1}, {"ctl_add_tcp/xpoll/1", 1}}));
  EXPECT_EQ(rest.size() + 1, all.size());
  EXPECT_THAT(rest, testing::Not(testing::Contains("ADD")));
}

TEST(Goals, HoldManyWatchedAgainstFew) {
  const auto verdicts = judge(results_of(
      {{"wait_level_eventfd/xpoll/1/10", 100}, {"wait_level_eventfd/xpoll/1/1000000", 104}}));
  ASSERT_THAT(verdicts, SizeIs(1));
  EXPECT_DOUBLE_EQ(verdicts[0].ratio, 1.04);
  EXPECT_TRUE(verdicts[0].met());
}

TEST(Goals, OfWaitsAreForOneAndForAThousandReadyOnly) {
  EXPECT_THAT(judge(results_of({{"wait_level_eventfd/epoll/64/1000", 1},
                                {"wait_level_eventfd/xpoll/64/1000", 1}})),
              IsEmpty());
}

}  // namespace
}  // namespace bench_report
