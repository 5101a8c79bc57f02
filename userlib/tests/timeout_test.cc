// SPDX-License-Identifier: MIT
// The C conversions between the timeouts of epoll's calls and the ABI's nanoseconds.
extern "C" {
#include "../src/timeout.h"
}

#include <gtest/gtest.h>

#include <climits>
#include <cstdint>

namespace {

constexpr std::int64_t seconds_in_range = INT64_MAX / 1'000'000'000;
constexpr std::int64_t rest_in_range = INT64_MAX % 1'000'000'000;

TEST(Timeout, MillisecondsBecomeNanoseconds) {
  EXPECT_EQ(xpoll_ns_from_ms(0), 0);
  EXPECT_EQ(xpoll_ns_from_ms(1), 1'000'000);
  EXPECT_EQ(xpoll_ns_from_ms(INT_MAX), 2'147'483'647'000'000);
}

TEST(Timeout, NegativeMillisecondsAreWithoutLimit) {
  EXPECT_EQ(xpoll_ns_from_ms(-1), XPOLL_NO_LIMIT);
  EXPECT_EQ(xpoll_ns_from_ms(INT_MIN), XPOLL_NO_LIMIT);
}

TEST(Timeout, TimespecBecomesNanoseconds) {
  EXPECT_EQ(xpoll_ns_from_timespec(0, 0), 0);
  EXPECT_EQ(xpoll_ns_from_timespec(0, 1), 1);
  EXPECT_EQ(xpoll_ns_from_timespec(2, 999'999'999), 2'999'999'999);
}

TEST(Timeout, TimespecSaturates) {
  EXPECT_EQ(xpoll_ns_from_timespec(seconds_in_range, rest_in_range), INT64_MAX);
  EXPECT_EQ(xpoll_ns_from_timespec(seconds_in_range, rest_in_range - 1), INT64_MAX - 1);
  EXPECT_EQ(xpoll_ns_from_timespec(seconds_in_range, rest_in_range + 1), INT64_MAX);
  EXPECT_EQ(xpoll_ns_from_timespec(seconds_in_range + 1, 0), INT64_MAX);
  EXPECT_EQ(xpoll_ns_from_timespec(INT64_MAX, 999'999'999), INT64_MAX);
}

TEST(Timeout, NanosecondsBecomeATimespecAndReturn) {
  for (const std::int64_t ns :
       {INT64_C(0), INT64_C(999'999'999), INT64_C(1'000'000'000), INT64_MAX}) {
    const timespec ts = xpoll_timespec_from_ns(ns);
    EXPECT_LT(ts.tv_nsec, 1'000'000'000);
    EXPECT_EQ(xpoll_ns_from_timespec(ts.tv_sec, ts.tv_nsec), ns);
  }
}

TEST(Timeout, NothingRemainsAfterTheDeadline) {
  EXPECT_EQ(xpoll_ns_remaining(10, 3), 7);
  EXPECT_EQ(xpoll_ns_remaining(10, 10), 0);
  EXPECT_EQ(xpoll_ns_remaining(0, INT64_MAX), 0);
}

}  // namespace
