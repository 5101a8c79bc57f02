// SPDX-License-Identifier: MIT
// How std::chrono's durations become timeouts.
#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <limits>
#include <xpoll/timeout.hpp>

namespace {

using namespace std::chrono_literals;
using xpoll::detail::timeout_ns;

constexpr std::int64_t longest = std::numeric_limits<std::int64_t>::max();

TEST(Duration, OfAnyUnitBecomesNanoseconds) {
  static_assert(timeout_ns(7ns) == 7);
  static_assert(timeout_ns(3ms) == 3'000'000);
  static_assert(timeout_ns(1h) == 3'600'000'000'000);
  EXPECT_EQ(timeout_ns(0.25s), 250'000'000);
}

TEST(Duration, NotPositiveDoesNotWait) {
  EXPECT_EQ(timeout_ns(0s), 0);
  EXPECT_EQ(timeout_ns(-1ns), 0);
  EXPECT_EQ(timeout_ns(std::chrono::hours::min()), 0);
  EXPECT_EQ(timeout_ns(std::chrono::duration<double>(std::numeric_limits<double>::quiet_NaN())), 0);
}

TEST(Duration, FractionsOfANanosecondAreRoundedUp) {
  using picoseconds = std::chrono::duration<std::int64_t, std::pico>;
  EXPECT_EQ(timeout_ns(picoseconds(1)), 1);
  EXPECT_EQ(timeout_ns(picoseconds(1000)), 1);
  EXPECT_EQ(timeout_ns(picoseconds(1001)), 2);
  EXPECT_EQ(timeout_ns(std::chrono::duration<double, std::nano>(1.5)), 2);
}

TEST(Duration, Saturates) {
  EXPECT_EQ(timeout_ns(std::chrono::nanoseconds(longest - 1)), longest - 1);
  EXPECT_EQ(timeout_ns(std::chrono::nanoseconds::max()), longest);
  EXPECT_EQ(timeout_ns(std::chrono::microseconds::max()), longest);
  EXPECT_EQ(timeout_ns(std::chrono::hours::max()), longest);
  EXPECT_EQ(timeout_ns(std::chrono::duration<double>(std::numeric_limits<double>::infinity())),
            longest);
}

}  // namespace
