// SPDX-License-Identifier: GPL-2.0-only
// A wait with an absolute timeout in a time namespace: the time is that of the clock as the caller
// reads it. clock_nanosleep(TIMER_ABSTIME) passes the same tests, which shows that they are right.
#include <sys/time.h>

#include <array>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <ctime>
#include <functional>
#include <limits>
#include <string>
#include <tuple>
#include <xpoll/xpoll.hpp>

#include "util/each_backend.h"
#include "util/enter.h"
#include "util/matchers.h"
#include "util/process.h"
#include "util/raw.h"
#include "util/requires.h"
#include "util/ring.h"
#include "util/time_namespace.h"

namespace xpoll::test {
namespace {

using std::chrono::microseconds;
using std::chrono::nanoseconds;
using std::chrono::seconds;
using Clock = std::chrono::steady_clock;

constexpr std::int64_t kLatest = std::numeric_limits<std::int64_t>::max();

// Sleeps until `time` of CLOCK_MONOTONIC. Returns 0, or -1 with EINTR if a signal arrived first.
struct Sleeper {
  const char* name;
  int (*sleep)(nanoseconds time);
};

timespec timespec_of(nanoseconds time) {
  return {.tv_sec = time / seconds(1), .tv_nsec = (time % seconds(1)).count()};
}

int sleep_in_kernel(nanoseconds time) {
  const timespec until = timespec_of(time);
  errno = clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, nullptr);
  return errno == 0 ? 0 : -1;
}

int wait_with_flags(std::uint32_t flags, std::int64_t timeout) {
  const unique_fd ep = Backend::xpoll().instance();
  epoll_event event{};
  struct xpoll_wait arguments = wait_arguments(&event, 1);
  arguments.flags = flags;
  arguments.timeout_ns = timeout;
  return ioctl(ep.get(), XPOLL_IOC_WAIT, &arguments);
}

int wait_for_nanoseconds(nanoseconds time) {
  return wait_with_flags(XPOLL_WAIT_ABSTIME, time.count());
}

int wait_for_timespec(nanoseconds time) {
  const timespec until = timespec_of(time);
  return wait_with_flags(XPOLL_WAIT_ABSTIME | XPOLL_WAIT_TIMESPEC,
                         static_cast<std::int64_t>(address(&until)));
}

int enter_with_flags(std::uint32_t flags, std::int64_t timeout, unsigned minevents = 0,
                     std::uint64_t min_wait_ns = 0) {
  const unique_fd ep = Backend::xpoll().instance();
  Enter enter(ep.get());
  enter.arguments.flags = flags;
  enter.arguments.timeout_ns = timeout;
  enter.arguments.minevents = minevents;
  enter.arguments.min_wait_ns = min_wait_ns;
  return enter.call();
}

int enter_for_nanoseconds(nanoseconds time) {
  return enter_with_flags(XPOLL_ENTER_ABSTIME, time.count());
}

int enter_for_two_events(nanoseconds time) {
  return enter_with_flags(XPOLL_ENTER_ABSTIME, time.count(), 2);
}

// For one event, once the time of the minimum has passed.
int enter_after_its_minimum(nanoseconds time) {
  return enter_with_flags(XPOLL_ENTER_ABSTIME, time.count(), 2, 1);
}

int enter_for_extended_events(nanoseconds time) {
  return enter_with_flags(XPOLL_ENTER_ABSTIME | XPOLL_ENTER_EXTENDED, time.count());
}

int enter_for_a_ring(nanoseconds time) {
  const RingInstance ring;
  Enter enter(ring.get(), {}, 0);
  enter.arguments.flags = XPOLL_ENTER_ABSTIME | XPOLL_ENTER_RING;
  enter.arguments.timeout_ns = time.count();
  return enter.call();
}

int wait_by_poller(xpoll::poller poller, nanoseconds time) {
  std::array<epoll_event, 1> room;
  const xpoll::wait_result result = poller.wait(room, Clock::time_point(time));
  errno = result.interrupted() ? EINTR : 0;
  return result.timed_out() ? 0 : -1;
}

int wait_by_xpoll_poller(nanoseconds time) { return wait_by_poller(xpoll::poller::create(), time); }

int wait_by_native_poller(nanoseconds time) {
  return wait_by_poller(xpoll::poller::native(), time);
}

// libxpoll detects that the instance is a native one.
int wait_by_adopting_poller(nanoseconds time) {
  return wait_by_poller(xpoll::poller::adopt(Backend::native().instance().release()), time);
}

constexpr std::array kSleepers{Sleeper{"clock_nanosleep", sleep_in_kernel},
                               Sleeper{"nanoseconds", wait_for_nanoseconds},
                               Sleeper{"timespec", wait_for_timespec},
                               Sleeper{"enter", enter_for_nanoseconds},
                               Sleeper{"enter_minimum", enter_for_two_events},
                               Sleeper{"enter_minimum_passed", enter_after_its_minimum},
                               Sleeper{"enter_extended", enter_for_extended_events},
                               Sleeper{"enter_ring", enter_for_a_ring},
                               Sleeper{"poller", wait_by_xpoll_poller},
                               Sleeper{"native_poller", wait_by_native_poller},
                               Sleeper{"adopting_poller", wait_by_adopting_poller}};

// Offsets of the clock in the namespace, relative to the clock outside.
constexpr std::array kOffsets{seconds(1000), seconds(-5), seconds(4'000'000'000)};

nanoseconds now() { return Clock::now().time_since_epoch(); }

// CLOCK_BOOTTIME has its own offset in a time namespace, which stays 0. Outside, the two clocks
// agree, since a guest is never suspended.
nanoseconds unshifted() {
  timespec time{};
  checked(clock_gettime(CLOCK_BOOTTIME, &time), "clock_gettime");
  return seconds(time.tv_sec) + nanoseconds(time.tv_nsec);
}

bool clock_is_shifted_by(seconds offset) {
  const nanoseconds before = now();
  const nanoseconds expected = unshifted() + offset;
  return before <= expected && expected <= now();
}

// Interrupts this process's sleeps with EINTR, after `first` and then repeatedly.
void interrupt_sleeps(microseconds first, microseconds interval) {
  struct sigaction action {};
  action.sa_handler = [](int) {};
  checked(sigaction(SIGALRM, &action, nullptr), "sigaction");
  const auto part = [](microseconds time) {
    return timeval{.tv_sec = time / seconds(1), .tv_usec = (time % seconds(1)).count()};
  };
  const itimerval timer{.it_interval = part(interval), .it_value = part(first)};
  checked(setitimer(ITIMER_REAL, &timer, nullptr), "setitimer");
}

class TimeNamespaceTest : public testing::TestWithParam<std::tuple<Sleeper, seconds>> {
 protected:
  static constexpr int kTooEarly = 1;
  static constexpr int kClockNotShifted = 2;

  void SetUp() override {
    XPOLL_REQUIRE(has_time_namespaces(), "time namespaces");
    require_xpoll();
  }

  // Sleeps until a time that comes soon or has passed. Signals only interrupt a sleep that would
  // not end.
  int sleep_through(nanoseconds time) const {
    interrupt_sleeps(seconds(60), seconds(60));
    const int result = sleeper_.sleep(time);
    return result == 0 && now() < time ? kTooEarly : result;
  }

  // Sleeps until a distant time.
  int sleep_interrupted(nanoseconds time) const {
    constexpr microseconds kInterval{5000};
    interrupt_sleeps(kInterval, kInterval);
    return sleeper_.sleep(time);
  }

  int in_namespace(const std::function<int()>& body) const {
    Process outside([&] {
      make_time_namespace(offset_);
      Process inside([&] { return clock_is_shifted_by(offset_) ? body() : kClockNotShifted; });
      return inside.join();
    });
    return outside.join();
  }

  const Sleeper sleeper_ = std::get<0>(GetParam());
  const seconds offset_ = std::get<1>(GetParam());
};

TEST_P(TimeNamespaceTest, ATimeThatComesEndsTheSleepWhenItHasCome) {
  EXPECT_THAT(in_namespace([this] { return sleep_through(now() + std::chrono::milliseconds(20)); }),
              SyscallSucceedsWithValue(0));
}

TEST_P(TimeNamespaceTest, APastTimeEndsTheSleep) {
  for (const int part : {1, 2, 1000}) {
    EXPECT_THAT(in_namespace([=, this] { return sleep_through(now() / part); }),
                SyscallSucceedsWithValue(0))
        << part;
  }
}

TEST_P(TimeNamespaceTest, TheClocksBeginningIsPast) {
  for (const nanoseconds beginning : {nanoseconds(0), nanoseconds(1)}) {
    EXPECT_THAT(in_namespace([=, this] { return sleep_through(beginning); }),
                SyscallSucceedsWithValue(0));
  }
}

TEST_P(TimeNamespaceTest, ATimeFarOffDoesNotEndTheSleep) {
  EXPECT_THAT(in_namespace([this] { return sleep_interrupted(now() + std::chrono::hours(1)); }),
              SyscallFailsWithErrno(EINTR));
}

// 6.1 with PREEMPT_RT ends such a sleep in clock_nanosleep(2) at once in a namespace that is
// behind.
TEST_P(TimeNamespaceTest, TheLatestTimesDoNotEndTheSleep) {
  if (sleeper_.sleep == sleep_in_kernel) GTEST_SKIP() << "not all kernels do this right";
  for (const std::int64_t latest : {kLatest, kLatest - 1, kLatest - 5'000'000'000}) {
    EXPECT_THAT(in_namespace([=, this] { return sleep_interrupted(nanoseconds(latest)); }),
                SyscallFailsWithErrno(EINTR))
        << latest;
  }
}

TEST_P(TimeNamespaceTest, TheNamespaceOfChildrenIsNotTheCallersOwn) {
  Process process([this] {
    make_time_namespace(offset_);
    if (!clock_is_shifted_by(seconds(0))) return kClockNotShifted;
    return sleep_through(now() + std::chrono::milliseconds(20));
  });
  EXPECT_THAT(process.join(), SyscallSucceedsWithValue(0));
}

INSTANTIATE_TEST_SUITE_P(, TimeNamespaceTest,
                         testing::Combine(testing::ValuesIn(kSleepers),
                                          testing::ValuesIn(kOffsets)),
                         [](const testing::TestParamInfo<TimeNamespaceTest::ParamType>& info) {
                           const auto offset = std::get<1>(info.param).count();
                           return std::string(std::get<0>(info.param).name) +
                                  (offset < 0 ? "_behind_" : "_ahead_") +
                                  std::to_string(std::abs(offset));
                         });

}  // namespace
}  // namespace xpoll::test
