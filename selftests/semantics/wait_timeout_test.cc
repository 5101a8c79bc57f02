// SPDX-License-Identifier: GPL-2.0-only
// How long a wait sleeps. Only lower bounds are measured. /proc shows whether a wait sleeps.
#include <chrono>
#include <climits>
#include <limits>

#include "tools/util/descriptors.h"
#include "tools/util/eventfd.h"
#include "tools/util/sockets.h"
#include "tools/util/wait_until.h"
#include "util/each_backend.h"
#include "util/fault_gate.h"
#include "util/matchers.h"
#include "util/requires.h"
#include "util/sleep_count.h"
#include "util/sleep_watch.h"
#include "util/task_state.h"
#include "util/thread.h"
#include "util/waiter.h"

namespace xpoll::test {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

class WaitTimeout : public EachBackend {
 protected:
  // Expects that the call sleeps until an event arrives, and returns it.
  template <typename Call>
  void expect_sleeps_until_an_event(Call call) {
    const unique_fd ep = backend_.instance();
    const unique_fd eventfd = make_eventfd();
    ASSERT_THAT(backend_.add(ep.get(), eventfd.get(), EPOLLIN), SyscallSucceeds());
    epoll_event event{};
    int result = -1;
    Thread thread([&] { result = call(ep.get(), &event); });
    thread.wait_until_asleep_in_wait();
    post(eventfd);
    thread.join();
    EXPECT_EQ(result, 1);
    EXPECT_THAT(event, Event(eventfd.get(), EPOLLIN));
  }

  epoll_event event_{};
};
XPOLL_FOR_EACH_BACKEND(WaitTimeout);

TEST_P(WaitTimeout, ZeroReturnsZeroWithNothingReadyAndDoesNotSleep) {
  const unique_fd ep = backend_.instance();
  const long sleeps = sleeps_of_this_thread();
  EXPECT_THAT(backend_.wait(ep.get(), &event_, 1, 0), SyscallSucceedsWithValue(0));
  EXPECT_EQ(sleeps_of_this_thread(), sleeps);
}

TEST_P(WaitTimeout, Pwait2WithZeroTimespecDoesNotSleep) {
  const unique_fd ep = backend_.instance();
  const timespec zero{};
  const long sleeps = sleeps_of_this_thread();
  EXPECT_THAT(backend_.pwait2(ep.get(), &event_, 1, &zero, nullptr), SyscallSucceedsWithValue(0));
  EXPECT_EQ(sleeps_of_this_thread(), sleeps);
}

TEST_P(WaitTimeout, MillisecondsAreSleptInFull) {
  const unique_fd ep = backend_.instance();
  constexpr milliseconds kTimeout{30};
  const auto start = Clock::now();
  EXPECT_THAT(backend_.wait(ep.get(), &event_, 1, kTimeout.count()), SyscallSucceedsWithValue(0));
  EXPECT_GE(Clock::now() - start, kTimeout);
}

// The first wait is in its scan when the second one begins. When the scan ends, nothing is ready.
TEST_P(WaitTimeout, TimeSpentOnAnotherScanCounts) {
  XPOLL_REQUIRE(FaultGate::available(), "userfaultfd");
  const unique_fd ep = backend_.instance();
  const unique_fd eventfd = make_eventfd(1);
  ASSERT_THAT(backend_.add(ep.get(), eventfd.get(), EPOLLIN | EPOLLET), SyscallSucceeds());
  FaultGate gate;
  Waiter scanning(backend_, ep.get(), gate.array_gated_at(0), 1);
  gate.wait_until_reached();

  constexpr milliseconds kTimeout{50};
  int result = -1;
  unsigned long sleeps = 0;
  Thread late([&] {
    result = backend_.wait(ep.get(), &event_, 1, kTimeout.count());
    sleeps = sleeps_of(current_tid());
  });
  wait_until("the second wait waits for the scan", [&] { return is_blocked_in_wait(late.tid()); });
  const unsigned long sleeps_before = sleeps_of(late.tid());
  const auto expired = Clock::now() + kTimeout;
  wait_until("the timeout has expired", [&] { return Clock::now() > expired; });
  gate.open();
  late.join();

  EXPECT_EQ(result, 0);
  // Native epoll may sleep briefly, since it arms a timer that has expired already.
  EXPECT_LE(sleeps - sleeps_before, backend_.is_native() ? 1U : 0U);
  EXPECT_THAT(scanning.join(), SyscallSucceedsWithValue(1));
}

TEST_P(WaitTimeout, NanosecondsAreSleptInFull) {
  const unique_fd ep = backend_.instance();
  constexpr std::chrono::nanoseconds kTimeout{3'000'001};
  const timespec timeout{.tv_sec = 0, .tv_nsec = kTimeout.count()};
  const auto start = Clock::now();
  EXPECT_THAT(backend_.pwait2(ep.get(), &event_, 1, &timeout, nullptr),
              SyscallSucceedsWithValue(0));
  EXPECT_GE(Clock::now() - start, kTimeout);
}

TEST_P(WaitTimeout, SecondsOfATimespecCount) {
  const unique_fd ep = backend_.instance();
  const timespec timeout{.tv_sec = 1, .tv_nsec = 1};
  const auto start = Clock::now();
  EXPECT_THAT(backend_.pwait2(ep.get(), &event_, 1, &timeout, nullptr),
              SyscallSucceedsWithValue(0));
  EXPECT_GE(Clock::now() - start, std::chrono::seconds(1));
}

TEST_P(WaitTimeout, FiniteWaitReturnsAnEventThatComesDuringIt) {
  expect_sleeps_until_an_event(
      [this](int ep, epoll_event* event) { return backend_.wait(ep, event, 1, 600'000); });
}

TEST_P(WaitTimeout, AnyNegativeSleepsUntilAnEvent) {
  for (const int timeout : {-1, -2, INT_MIN}) {
    expect_sleeps_until_an_event(
        [=, this](int ep, epoll_event* event) { return backend_.wait(ep, event, 1, timeout); });
  }
}

TEST_P(WaitTimeout, Pwait2WithNullSleepsUntilAnEvent) {
  expect_sleeps_until_an_event([this](int ep, epoll_event* event) {
    return backend_.pwait2(ep, event, 1, nullptr, nullptr);
  });
}

TEST_P(WaitTimeout, LargestMillisecondsSleepUntilAnEvent) {
  expect_sleeps_until_an_event(
      [this](int ep, epoll_event* event) { return backend_.wait(ep, event, 1, INT_MAX); });
}

TEST_P(WaitTimeout, HugeTimespecSaturates) {
  constexpr auto kMost = std::numeric_limits<time_t>::max();
  // Seconds that overflow when converted to nanoseconds or added to the current time, and seconds
  // that just do not.
  for (const time_t seconds :
       {kMost, kMost / 2, kMost / 1'000'000'000, kMost / 1'000'000'000 + 1}) {
    const timespec timeout{.tv_sec = seconds, .tv_nsec = 999'999'999};
    expect_sleeps_until_an_event([&](int ep, epoll_event* event) {
      return backend_.pwait2(ep, event, 1, &timeout, nullptr);
    });
  }
}

TEST_P(WaitTimeout, EventThatIsReadyBeforeTheWaitNeedsNoSleep) {
  const unique_fd ep = backend_.instance();
  const unique_fd eventfd = make_eventfd(1);
  ASSERT_THAT(backend_.add(ep.get(), eventfd.get(), EPOLLIN), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(ep.get(), -1), Events(Event(eventfd.get(), EPOLLIN)));
}

TEST_P(WaitTimeout, WakeThatLeavesNothingReadyDoesNotEndTheWait) {
  const unique_fd ep = backend_.instance();
  const TcpPair pair = tcp_pair();
  const unique_fd eventfd = make_eventfd();
  // A FIN wakes with key 0, so the item is queued and then found not ready.
  ASSERT_THAT(backend_.add(ep.get(), pair.server.get(), EPOLLPRI), SyscallSucceeds());
  ASSERT_THAT(backend_.add(ep.get(), eventfd.get(), EPOLLIN), SyscallSucceeds());
  Waiter waiter(backend_, ep.get());
  const SleepWatch sleep(waiter.tid());
  checked(shutdown(pair.client.get(), SHUT_WR), "shutdown");
  wait_until("the waiter woken", [&] { return !sleep.undisturbed(); });
  waiter.wait_until_asleep();
  post(eventfd);
  EXPECT_THAT(waiter.join(), SyscallSucceedsWithValue(1));
  EXPECT_THAT(waiter.events(), Events(Event(eventfd.get(), EPOLLIN)));
}

}  // namespace
}  // namespace xpoll::test
