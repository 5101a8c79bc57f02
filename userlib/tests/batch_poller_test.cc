// SPDX-License-Identifier: MIT
// The poller that collects changes, on the kinds of instance on which poller_test.cc tests poller.
#include <gtest/gtest.h>
#include <pthread.h>
#include <sys/epoll.h>

#include <cerrno>
#include <chrono>
#include <cstdint>
#include <fstream>
#include <string>
#include <string_view>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>
#include <xpoll/xpoll.hpp>

#include "errno_of.hpp"
#include "pollers.hpp"

namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;
using xpoll::batch_poller;
using xpoll::events;

static_assert(!std::is_copy_constructible_v<batch_poller>);
static_assert(std::is_nothrow_move_constructible_v<batch_poller>);

bool has_watches(int epfd) {
  std::ifstream info("/proc/self/fdinfo/" + std::to_string(epfd));
  for (std::string line; std::getline(info, line);)
    if (line.starts_with("tfd:")) return true;
  return false;
}

class BatchPoller : public PollerTest<batch_poller> {
 protected:
  BatchPoller() : PollerTest(1) {}
};

INSTANTIATE_TEST_SUITE_P(, BatchPoller, testing::ValuesIn(poller_kinds<batch_poller>()),
                         BatchPoller::name);

TEST_P(BatchPoller, MakesItsChangesWithTheNextWait) {
  poller_.add(counter_, events::out, {.u64 = 1});
  poller_.modify(counter_, events::in, {.u64 = 2});
  EXPECT_EQ(poller_.pending(), 2U);
  const auto result = poller_.wait(room_);
  EXPECT_EQ(poller_.pending(), 0U);
  ASSERT_EQ(result.size(), 1U);
  EXPECT_EQ(xpoll::events_of(result.events()[0]), events::in);
  EXPECT_EQ(std::uint64_t{result.events()[0].data.u64}, 2U);
}

TEST_P(BatchPoller, RearmsWhatWasDelivered) {
  poller_.add(counter_, events::in | events::oneshot, {.fd = counter_});
  for (int round = 0; round < 3; ++round) {
    ASSERT_EQ(poller_.wait(room_).size(), 1U);
    EXPECT_TRUE(poller_.wait(room_, 0ms).timed_out());
    poller_.modify(counter_, events::in | events::oneshot, {.fd = counter_});
  }
}

TEST_P(BatchPoller, SetsWhetherWatchedOrNot) {
  poller_.set(counter_, events::out, {.u64 = 1});
  poller_.set(counter_, events::in, {.u64 = 2});
  const auto result = poller_.wait(room_);
  ASSERT_EQ(result.size(), 1U);
  EXPECT_EQ(std::uint64_t{result.events()[0].data.u64}, 2U);
}

TEST_P(BatchPoller, RemovesAtOnceAfterWhatWasCollected) {
  poller_.add(counter_, events::in, {});
  poller_.remove(counter_);
  EXPECT_EQ(poller_.pending(), 0U);
  EXPECT_TRUE(poller_.wait(room_, 0ms).timed_out());
  EXPECT_EQ(errno_of([&] { poller_.remove(counter_); }), ENOENT);
}

TEST_P(BatchPoller, DeliversEventsBesideAFailureAndThrowsItInTheNextCall) {
  poller_.add(counter_, events::in, {.fd = counter_});
  poller_.add(-1, events::in, {});
  EXPECT_EQ(poller_.wait(room_).size(), 1U);
  ASSERT_EQ(poller_.failures().size(), 1U);
  EXPECT_EQ(poller_.failures()[0].fd, -1);
  EXPECT_EQ(poller_.failures()[0].op, EPOLL_CTL_ADD);
  EXPECT_EQ(poller_.failures()[0].error, EBADF);
  EXPECT_EQ(errno_of([&] { (void)poller_.wait(room_); }), EBADF);
  EXPECT_EQ(poller_.wait(room_).size(), 1U);
}

// A destructor calls remove(), before it closes the descriptor.
TEST_P(BatchPoller, RemovesWhateverElseHasFailed) {
  poller_.add(-1, events::in, {});
  EXPECT_TRUE(poller_.wait(room_, 0ms).timed_out());
  poller_.set(counter_, events::in, {});
  EXPECT_NO_THROW(poller_.remove(counter_));
  EXPECT_EQ(poller_.pending(), 0U);
  EXPECT_EQ(errno_of([&] { (void)poller_.wait(room_, 0ms); }), EBADF);
  EXPECT_TRUE(poller_.wait(room_, 0ms).timed_out());
}

TEST_P(BatchPoller, KeepsTheFailuresBeforeARemoveInOrder) {
  poller_.add(counter_, events::in, {});
  for (const int fd : {-1, -2, -3}) poller_.modify(fd, events::in, {});
  EXPECT_EQ(poller_.wait(room_).size(), 1U);
  for (const int fd : {-4, -5, -6}) poller_.add(fd, events::in, {});
  const xpoll::change_failure* const first = poller_.failures().data();
  poller_.remove(counter_);
  std::vector<int> failed;
  for (const xpoll::change_failure& failure : poller_.failures()) failed.push_back(failure.fd);
  EXPECT_EQ(failed, (std::vector<int>{-1, -2, -3, -4, -5, -6}));
  // adding a failure must not fail
  EXPECT_EQ(poller_.failures().data(), first) << "allocated memory for a failure";
}

// However many changes are collected between two waits.
TEST_P(BatchPoller, CollectsWhateverElseHasFailed) {
  poller_.add(-1, events::in, {});
  for (int i = 0; i < 2 * XPOLL_CHANGES_MAX; ++i)
    EXPECT_NO_THROW(poller_.set(counter_, events::in, {}));
  EXPECT_EQ(errno_of([&] { (void)poller_.wait(room_); }), EBADF);
  EXPECT_EQ(poller_.wait(room_).size(), 1U);
}

TEST_P(BatchPoller, DoesNotThrowAFailureThatWasCleared) {
  poller_.add(-1, events::in, {});
  EXPECT_TRUE(poller_.wait(room_, 0ms).timed_out());
  EXPECT_EQ(poller_.failures().size(), 1U);
  poller_.clear_failures();
  EXPECT_TRUE(poller_.wait(room_, 0ms).timed_out());
}

TEST_P(BatchPoller, FlushesWithoutAWait) {
  poller_.add(counter_, events::in | events::edge, {});
  poller_.flush();
  EXPECT_EQ(poller_.pending(), 0U);
  EXPECT_EQ(poller_.wait(room_).size(), 1U);
}

TEST_P(BatchPoller, MakesSomeChangesWhenThereAreTooMany) {
  poller_.add(counter_, events::in, {});
  for (int i = 0; i < 2 * XPOLL_CHANGES_MAX; ++i) poller_.modify(counter_, events::in, {});
  EXPECT_LE(poller_.pending(), std::size_t{XPOLL_CHANGES_MAX});
  EXPECT_EQ(poller_.wait(room_).size(), 1U);
  EXPECT_EQ(poller_.pending(), 0U);
}

TEST_P(BatchPoller, MakesChangesWithoutAWaitInAThreadThatIsToEnd) {
  poller_.add(counter_, events::in, {});
  bool removed = false;
  std::thread thread([&] {
    pthread_cancel(pthread_self());
    poller_.flush();
    poller_.remove(counter_);
    removed = true;
    pthread_testcancel();
    FAIL() << "a cancelled thread goes on";
  });
  thread.join();
  EXPECT_TRUE(removed);
}

TEST_P(BatchPoller, DoesNotRepeatTheChangesOfAWaitThatWasCancelled) {
  poller_.add(counter_, events::pri, {});
  std::thread thread([&] { (void)poller_.wait(room_); });
  while (!has_watches(poller_.fd())) std::this_thread::yield();
  pthread_cancel(thread.native_handle());
  thread.join();
  EXPECT_EQ(poller_.pending(), 0U);
  EXPECT_TRUE(poller_.failures().empty());
  EXPECT_NO_THROW(poller_.remove(counter_));
}

TEST_P(BatchPoller, WaitsForNoLessThanTheDurationOrTheDeadline) {
  const auto start = steady_clock::now();
  EXPECT_TRUE(poller_.wait(room_, 2500us).timed_out());
  EXPECT_TRUE(poller_.wait(room_, start + 5ms).timed_out());
  EXPECT_GE(steady_clock::now(), start + 5ms);
  EXPECT_TRUE(poller_.wait(room_, start).timed_out());
}

TEST_P(BatchPoller, RefusesToWaitWithoutRoom) {
  EXPECT_EQ(errno_of([&] { (void)poller_.wait(std::span<epoll_event>()); }), EINVAL);
}

TEST_P(BatchPoller, WaitsForTheMinimumOrItsPatience) {
  poller_.add(counter_, events::in, {.fd = counter_});
  const auto start = steady_clock::now();
  poller_.set_minimum(2, 5ms);
  EXPECT_EQ(poller_.wait(room_).size(), 1U);
  // native epoll has no minimum
  if (GetParam().name == std::string_view("Xpoll")) EXPECT_GE(steady_clock::now(), start + 5ms);
  // more than there is room for
  poller_.set_minimum(9, 1ms);
  EXPECT_EQ(poller_.wait(room_).size(), 1U);
}

}  // namespace
