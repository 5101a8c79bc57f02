// SPDX-License-Identifier: MIT
// The three ways in which a wait ends.
#include <gtest/gtest.h>
#include <sys/epoll.h>

#include <array>
#include <xpoll/wait_result.hpp>

namespace {

using xpoll::wait_result;

TEST(WaitResult, ReadyIsARangeOfItsEvents) {
  std::array<epoll_event, 2> room{};
  room[0].data.fd = 3;
  room[1].data.fd = 4;
  const wait_result result = wait_result::ready(room);
  EXPECT_FALSE(result.timed_out());
  EXPECT_FALSE(result.interrupted());
  EXPECT_EQ(result.size(), 2U);
  EXPECT_EQ(result.events().data(), room.data());
  int sum = 0;
  for (const epoll_event& event : result) sum += event.data.fd;
  EXPECT_EQ(sum, 7);
}

TEST(WaitResult, TimeoutIsNotASignal) {
  const wait_result result = wait_result::timeout();
  EXPECT_TRUE(result.timed_out());
  EXPECT_FALSE(result.interrupted());
  EXPECT_EQ(result.size(), 0U);
}

TEST(WaitResult, SignalIsNotATimeout) {
  const wait_result result = wait_result::signal();
  EXPECT_TRUE(result.interrupted());
  EXPECT_FALSE(result.timed_out());
  EXPECT_EQ(result.begin(), result.end());
}

}  // namespace
