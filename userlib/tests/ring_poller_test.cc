// SPDX-License-Identifier: MIT
// The poller whose events come through a ready ring, where there is a module.
#include <gtest/gtest.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <iterator>
#include <type_traits>
#include <utility>
#include <vector>
#include <xpoll/xpoll.hpp>

#include "errno_of.hpp"
#include "has_module.hpp"

namespace {

using namespace std::chrono_literals;
using xpoll::events;
using xpoll::ring_poller;

static_assert(!std::is_copy_constructible_v<ring_poller>);
static_assert(std::is_nothrow_move_constructible_v<ring_poller>);
static_assert(std::input_iterator<ring_poller::taken_events::iterator>);

constexpr events edge = events::in | events::edge;

std::vector<std::uint64_t> data_of(const xpoll::wait_result& result) {
  std::vector<std::uint64_t> data;
  for (const epoll_event& event : result) data.push_back(std::uint64_t{event.data.u64});
  return data;
}

class RingPoller : public testing::Test {
 public:
  ~RingPoller() override { close(counter_); }

 protected:
  void SetUp() override {
    if (!has_module()) GTEST_SKIP() << "there is no module";
  }
  void count() const { ASSERT_EQ(eventfd_write(counter_, 1), 0); }

  int counter_ = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  std::array<epoll_event, 4> room_{};
};

TEST_F(RingPoller, WaitTakesWhatIsInTheRing) {
  auto poller = ring_poller::create(8);
  poller.add(counter_, edge, {.u64 = 7});
  EXPECT_TRUE(poller.wait(room_, 0ms).timed_out());
  count();
  EXPECT_EQ(data_of(poller.wait(room_)), std::vector<std::uint64_t>{7});
  EXPECT_TRUE(poller.wait(room_, std::chrono::steady_clock::now()).timed_out());
}

TEST_F(RingPoller, WaitAsksLevelWatches) {
  auto poller = ring_poller::create(8);
  poller.add(counter_, events::in, {.u64 = 7});
  count();
  for (int round = 0; round < 3; ++round)
    EXPECT_EQ(data_of(poller.wait(room_, 0ms)), std::vector<std::uint64_t>{7});
}

TEST_F(RingPoller, MustEnterToAskALevelWatchAgain) {
  auto poller = ring_poller::create(8);
  poller.add(counter_, events::in, {.u64 = 7});
  EXPECT_FALSE(poller.must_enter());
  count();
  EXPECT_EQ(data_of(poller.wait(room_, 0ms)), std::vector<std::uint64_t>{7});
  EXPECT_TRUE(poller.must_enter());
  eventfd_t value = 0;
  ASSERT_EQ(eventfd_read(counter_, &value), 0);
  EXPECT_FALSE(poller.sleep(0ms));
  EXPECT_FALSE(poller.must_enter());
}

TEST_F(RingPoller, WaitFillsNoMoreThanTheRoom) {
  auto poller = ring_poller::create(16);
  std::array<int, 6> fds{};
  for (int& fd : fds) {
    fd = eventfd(1, EFD_CLOEXEC);
    poller.add(fd, edge, {.fd = fd});
  }
  EXPECT_EQ(poller.wait(room_).size(), 4U);
  EXPECT_EQ(poller.wait(room_).size(), 2U);
  for (const int fd : fds) close(fd);
}

TEST_F(RingPoller, TakenEventsAreARange) {
  auto poller = ring_poller::create(8);
  poller.add(counter_, edge, {.u64 = 7});
  for (int round = 0; round < 20; ++round) {
    count();
    int taken = 0;
    for (const xpoll_ring_event& event : poller.take()) {
      EXPECT_EQ(event.data, 7U);
      EXPECT_EQ(event.events, bits(events::in));
      ++taken;
    }
    EXPECT_EQ(taken, 1);
    EXPECT_FALSE(poller.sleep(0ms));
  }
}

TEST_F(RingPoller, WalkThatEndsEarlyLeavesTheRest) {
  auto poller = ring_poller::create(8);
  poller.post({.u64 = 1});
  poller.add(counter_, edge, {.u64 = 7});
  count();
  for (const xpoll_ring_event& event : poller.take()) {
    EXPECT_EQ(event.data, 1U);
    break;
  }
  EXPECT_TRUE(poller.sleep(0ms));
  EXPECT_EQ(data_of(poller.wait(room_)), std::vector<std::uint64_t>{7});
}

TEST_F(RingPoller, SleepEndsWithAnEventOrItsTimeout) {
  auto poller = ring_poller::create(8);
  EXPECT_FALSE(poller.sleep(1ms));
  poller.post({.u64 = 1});
  EXPECT_TRUE(poller.sleep());
  EXPECT_TRUE(poller.sleep(1ms, 2)) << "one is there, though not two";
  EXPECT_EQ(errno_of([&] { poller.sleep(0ms, 9); }), EINVAL);
}

TEST_F(RingPoller, ChangesThrowErrno) {
  auto poller = ring_poller::create(2);
  poller.add(counter_, edge, {});
  EXPECT_EQ(errno_of([&] { poller.add(counter_, edge, {}); }), EEXIST);
  EXPECT_EQ(errno_of([&] { poller.add(poller.fd(), edge, {}); }), EINVAL);
  poller.modify(counter_, edge, {});
  poller.remove(counter_);
  EXPECT_EQ(errno_of([&] { poller.remove(counter_); }), ENOENT);
  EXPECT_EQ(errno_of([] { (void)ring_poller::create(3); }), EINVAL);
}

TEST_F(RingPoller, MoveTakesTheRingAlong) {
  auto one = ring_poller::create(8);
  auto other = std::move(one);
  EXPECT_EQ(one.fd(), -1);  // NOLINT(bugprone-use-after-move)
  other.post({.u64 = 3});
  EXPECT_EQ(data_of(other.wait(room_)), std::vector<std::uint64_t>{3});
  one = std::move(other);
  one.post({.u64 = 4});
  EXPECT_EQ(data_of(one.wait(room_)), std::vector<std::uint64_t>{4});
}

TEST_F(RingPoller, AdoptTakesAnInstanceWithARing) {
  auto poller = ring_poller::adopt(ring_poller::create(8).release());
  poller.post({.u64 = 3});
  EXPECT_EQ(data_of(poller.wait(room_)), std::vector<std::uint64_t>{3});
  auto plain = xpoll::poller::create();
  EXPECT_NE(errno_of([&] { (void)ring_poller::adopt(plain.fd()); }), 0);
  EXPECT_TRUE(plain.wait(room_, 0ms).timed_out()) << "it is still the caller's";
}

}  // namespace
