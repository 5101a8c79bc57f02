// SPDX-License-Identifier: GPL-2.0-only
// XPOLL_IOC_WAIT without the library: its errors, their order, and its timeouts.
#include <linux/time_types.h>

#include <array>
#include <chrono>
#include <cstring>
#include <limits>
#include <utility>

#include "tools/util/descriptors.h"
#include "tools/util/eventfd.h"
#include "util/each_backend.h"
#include "util/guarded_memory.h"
#include "util/matchers.h"
#include "util/raw.h"
#include "util/sleep_count.h"
#include "util/thread.h"

namespace xpoll::test {
namespace {

using Clock = std::chrono::steady_clock;  // CLOCK_MONOTONIC
using std::chrono::milliseconds;
using std::chrono::nanoseconds;

constexpr std::uint32_t kSigsetSize = 8;
constexpr std::uint64_t kOutsideUserSpace = std::uint64_t{1} << 63;
constexpr auto kLongest = std::numeric_limits<std::int64_t>::max();

class AbiWaitTest : public XpollOnly {
 protected:
  int call(const struct xpoll_wait& arguments) { return call_at(&arguments); }
  int call_at(const void* arguments) { return ioctl(ep_.get(), XPOLL_IOC_WAIT, arguments); }

  void watch_ready() { checked(backend_.add(ep_.get(), ready_.get(), EPOLLIN), "add"); }
  void expect_still_ready() {
    EXPECT_THAT(backend_.ready(ep_.get()), Events(Event(ready_.get(), EPOLLIN)));
  }

  // A wait whose timeout does not expire ends with an event.
  void expect_to_sleep_until_an_event(std::int64_t timeout_ns, std::uint32_t flags) {
    const unique_fd later = make_eventfd();
    checked(backend_.add(ep_.get(), later.get(), EPOLLIN), "add");
    arguments_.timeout_ns = timeout_ns;
    arguments_.flags = flags;
    int result = -1;
    Thread sleeper([&] { result = call(arguments_); });
    sleeper.wait_until_asleep_in_wait();
    post(later);
    sleeper.join();
    EXPECT_EQ(result, 1);
    EXPECT_THAT(event_, Event(later.get(), EPOLLIN));
  }

  epoll_event event_{};
  struct xpoll_wait arguments_ = wait_arguments(&event_, 1);
  const std::uint64_t mask_ = 0;
  const unique_fd ready_ = make_eventfd(1);
  const unique_fd ep_{backend_.create1(EPOLL_CLOEXEC)};
};

TEST_F(AbiWaitTest, AnArgumentThatCannotBeReadIsEfault) {
  const GuardedMemory memory;
  EXPECT_THAT(call_at(nullptr), SyscallFailsWithErrno(EFAULT));
  EXPECT_THAT(call_at(memory.inaccessible<void*>()), SyscallFailsWithErrno(EFAULT));
  EXPECT_THAT(call_at(memory.cut_after<struct xpoll_wait>(sizeof(arguments_) - 1)),
              SyscallFailsWithErrno(EFAULT));
}

TEST_F(AbiWaitTest, TheArgumentIsReadAtAnyAddress) {
  watch_ready();
  const GuardedMemory memory;
  void* const odd = memory.cut_after<char>(sizeof(arguments_) + 1);
  std::memcpy(odd, &arguments_, sizeof(arguments_));
  EXPECT_THAT(call_at(odd), SyscallSucceedsWithValue(1));
}

TEST_F(AbiWaitTest, TheArgumentNeedNotBeWritable) {
  watch_ready();
  GuardedMemory memory;
  auto* const arguments = memory.last<struct xpoll_wait>();
  *arguments = arguments_;
  memory.make_read_only();
  EXPECT_THAT(call_at(arguments), SyscallSucceedsWithValue(1));
}

TEST_F(AbiWaitTest, AnUnknownFlagIsEinval) {
  watch_ready();
  for (unsigned int bit = 0; bit < 32; ++bit) {
    arguments_.flags = 1U << bit;
    if (arguments_.flags & (XPOLL_WAIT_ABSTIME | XPOLL_WAIT_TIMESPEC)) continue;
    EXPECT_THAT(call(arguments_), SyscallFailsWithErrno(EINVAL)) << "bit " << bit;
    arguments_.flags |= XPOLL_WAIT_ABSTIME;
    EXPECT_THAT(call(arguments_), SyscallFailsWithErrno(EINVAL)) << "bit " << bit;
  }
}

TEST_F(AbiWaitTest, WorkerBeyondTheTableIsEinval) {
  watch_ready();
  for (const std::uint32_t worker : {XPOLL_WORKERS_MAX + 1U, 256U, 1U << 31, ~0U}) {
    arguments_.worker = worker;
    EXPECT_THAT(call(arguments_), SyscallFailsWithErrno(EINVAL)) << worker;
  }
}

TEST_F(AbiWaitTest, WorkerOfTheTableWaitsAsAnyOther) {
  watch_ready();
  for (const std::uint32_t worker : {1U, XPOLL_WORKERS_MAX + 0U}) {
    arguments_.worker = worker;
    EXPECT_THAT(call(arguments_), SyscallSucceedsWithValue(1)) << worker;
  }
}

TEST_F(AbiWaitTest, AnotherSizeOfTheSignalSetIsEinval) {
  watch_ready();
  arguments_.sigmask = address(&mask_);
  for (const std::uint32_t size : {0U, 4U, kSigsetSize - 1, kSigsetSize + 1, 16U, 128U, ~0U}) {
    arguments_.sigsetsize = size;
    EXPECT_THAT(call(arguments_), SyscallFailsWithErrno(EINVAL)) << size;
  }
}

TEST_F(AbiWaitTest, WithoutASignalSetItsSizeIsIgnored) {
  watch_ready();
  for (const std::uint32_t size : {0U, kSigsetSize, 77U}) {
    arguments_.sigsetsize = size;
    EXPECT_THAT(call(arguments_), SyscallSucceedsWithValue(1)) << size;
  }
}

TEST_F(AbiWaitTest, ASignalSetThatCannotBeReadIsEfault) {
  watch_ready();
  const GuardedMemory memory;
  arguments_.sigsetsize = kSigsetSize;
  for (const std::uint64_t where :
       {address(memory.inaccessible<char>()), address(memory.cut_after<char>(kSigsetSize - 1)),
        kOutsideUserSpace}) {
    arguments_.sigmask = where;
    EXPECT_THAT(call(arguments_), SyscallFailsWithErrno(EFAULT)) << std::hex << where;
  }
}

TEST_F(AbiWaitTest, NoRoomForAnEventIsEinval) {
  for (const int maxevents : {0, -1, std::numeric_limits<int>::min()}) {
    arguments_.maxevents = maxevents;
    EXPECT_THAT(call(arguments_), SyscallFailsWithErrno(EINVAL)) << maxevents;
  }
}

TEST_F(AbiWaitTest, MaxEventsIsWhatFeaturesSay) {
  const struct xpoll_features features = module_features();
  watch_ready();
  arguments_.maxevents = static_cast<int>(features.max_events);
  EXPECT_THAT(call(arguments_), SyscallSucceedsWithValue(1));
  ++arguments_.maxevents;
  EXPECT_THAT(call(arguments_), SyscallFailsWithErrno(EINVAL));
}

TEST_F(AbiWaitTest, EventsOutsideUserSpaceAreEfaultEvenIfNothingIsReady) {
  arguments_.events = kOutsideUserSpace;
  EXPECT_THAT(call(arguments_), SyscallFailsWithErrno(EFAULT));
}

TEST_F(AbiWaitTest, AnUnmappedArrayIsNotTouchedIfNothingIsReady) {
  const GuardedMemory memory;
  arguments_.events = address(memory.inaccessible<epoll_event>());
  EXPECT_THAT(call(arguments_), SyscallSucceedsWithValue(0));
}

TEST_F(AbiWaitTest, AnUnmappedArrayIsEfaultAndTheEventStaysReady) {
  watch_ready();
  const GuardedMemory memory;
  arguments_.events = address(memory.inaccessible<epoll_event>());
  EXPECT_THAT(call(arguments_), SyscallFailsWithErrno(EFAULT));
  expect_still_ready();
}

TEST_F(AbiWaitTest, AReadOnlyArrayIsEfaultAndTheEventStaysReady) {
  watch_ready();
  GuardedMemory memory;
  memory.make_read_only();
  arguments_.events = address(memory.last<epoll_event>());
  EXPECT_THAT(call(arguments_), SyscallFailsWithErrno(EFAULT));
  expect_still_ready();
}

TEST_F(AbiWaitTest, OnlyTheElementsThatAreDeliveredAreWritten) {
  watch_ready();
  std::array<epoll_event, 2> events;
  std::memset(events.data(), 0xa5, sizeof(events));
  arguments_ = wait_arguments(events.data(), 2);
  ASSERT_THAT(call(arguments_), SyscallSucceedsWithValue(1));
  EXPECT_THAT(events[0], Event(ready_.get(), EPOLLIN));
  EXPECT_THAT(events[1], Event(0xa5a5'a5a5'a5a5'a5a5, 0xa5a5'a5a5));
}

// If two errors apply, the one that the header names first is returned.

TEST_F(AbiWaitTest, EinvalOfTheWorkerComesBeforeEfaultOfTheSignalSet) {
  arguments_.worker = XPOLL_WORKERS_MAX + 1;
  arguments_.sigmask = kOutsideUserSpace;
  arguments_.sigsetsize = kSigsetSize;
  EXPECT_THAT(call(arguments_), SyscallFailsWithErrno(EINVAL));
}

TEST_F(AbiWaitTest, EinvalOfTheSignalSetsSizeComesBeforeItsEfault) {
  arguments_.sigmask = kOutsideUserSpace;
  EXPECT_THAT(call(arguments_), SyscallFailsWithErrno(EINVAL));
}

TEST_F(AbiWaitTest, EfaultOfTheSignalSetComesBeforeEinvalOfMaxevents) {
  arguments_.sigmask = kOutsideUserSpace;
  arguments_.sigsetsize = kSigsetSize;
  arguments_.maxevents = 0;
  EXPECT_THAT(call(arguments_), SyscallFailsWithErrno(EFAULT));
}

TEST_F(AbiWaitTest, EinvalOfMaxeventsComesBeforeEfaultOfTheEvents) {
  arguments_.maxevents = 0;
  arguments_.events = kOutsideUserSpace;
  EXPECT_THAT(call(arguments_), SyscallFailsWithErrno(EINVAL));
}

// Timeouts. A wait that ends too early is a failure. There is no upper bound.

TEST_F(AbiWaitTest, ARelativeTimeoutIsInNanosecondsAndNotShorterThanAsked) {
  constexpr nanoseconds kSpan = milliseconds(3) + nanoseconds(1);
  arguments_.timeout_ns = kSpan.count();
  const auto start = Clock::now();
  EXPECT_THAT(call(arguments_), SyscallSucceedsWithValue(0));
  EXPECT_GE(Clock::now() - start, kSpan);
}

TEST_F(AbiWaitTest, ATimeoutOfOneNanosecondEnds) {
  arguments_.timeout_ns = 1;
  EXPECT_THAT(call(arguments_), SyscallSucceedsWithValue(0));
}

TEST_F(AbiWaitTest, AnAbsoluteTimeoutEndsNotBeforeItsTime) {
  const auto end = Clock::now() + milliseconds(3);
  arguments_.flags = XPOLL_WAIT_ABSTIME;
  arguments_.timeout_ns = nanoseconds(end.time_since_epoch()).count();
  EXPECT_THAT(call(arguments_), SyscallSucceedsWithValue(0));
  EXPECT_GE(Clock::now(), end);
}

TEST_F(AbiWaitTest, AnAbsoluteTimeoutInThePastDoesNotSleep) {
  arguments_.flags = XPOLL_WAIT_ABSTIME;
  for (const std::int64_t past : {std::int64_t{0}, std::int64_t{1}}) {
    arguments_.timeout_ns = past;
    EXPECT_THAT(call(arguments_), SyscallSucceedsWithValue(0)) << past;
  }
}

TEST_F(AbiWaitTest, AnAbsoluteTimeoutThatIsJustPastDoesNotSleep) {
  arguments_.flags = XPOLL_WAIT_ABSTIME;
  // As a relative timeout it would be as long as the time since boot.
  arguments_.timeout_ns = nanoseconds(Clock::now().time_since_epoch()).count();
  const long sleeps = sleeps_of_this_thread();
  EXPECT_THAT(call(arguments_), SyscallSucceedsWithValue(0));
  EXPECT_EQ(sleeps_of_this_thread(), sleeps);
}

TEST_F(AbiWaitTest, AnAbsoluteTimeoutInThePastStillDelivers) {
  watch_ready();
  arguments_.flags = XPOLL_WAIT_ABSTIME;
  arguments_.timeout_ns = 1;
  EXPECT_THAT(call(arguments_), SyscallSucceedsWithValue(1));
}

TEST_F(AbiWaitTest, ANegativeTimeoutIsNoLimit) { expect_to_sleep_until_an_event(-1, 0); }

TEST_F(AbiWaitTest, TheMostNegativeTimeoutIsNoLimit) {
  expect_to_sleep_until_an_event(std::numeric_limits<std::int64_t>::min(), 0);
}

TEST_F(AbiWaitTest, ANegativeAbsoluteTimeoutIsNoLimit) {
  expect_to_sleep_until_an_event(-1, XPOLL_WAIT_ABSTIME);
}

TEST_F(AbiWaitTest, TheLongestRelativeTimeoutDoesNotOverflow) {
  expect_to_sleep_until_an_event(kLongest, 0);
}

TEST_F(AbiWaitTest, TheLongestAbsoluteTimeoutDoesNotOverflow) {
  expect_to_sleep_until_an_event(kLongest, XPOLL_WAIT_ABSTIME);
}

// The timeout as a timespec.

class AbiTimespecTest : public AbiWaitTest {
 protected:
  AbiTimespecTest() {
    arguments_.flags = XPOLL_WAIT_TIMESPEC;
    point(&timespec_);
  }

  void point(const void* timespec) {
    arguments_.timeout_ns = static_cast<std::int64_t>(address(timespec));
  }

  struct __kernel_timespec timespec_ {};
};

TEST_F(AbiTimespecTest, IsNotShorterThanAsked) {
  constexpr nanoseconds kSpan = milliseconds(3) + nanoseconds(1);
  timespec_.tv_nsec = kSpan.count();
  const auto start = Clock::now();
  EXPECT_THAT(call(arguments_), SyscallSucceedsWithValue(0));
  EXPECT_GE(Clock::now() - start, kSpan);
}

TEST_F(AbiTimespecTest, CountsItsSecondsToo) {
  timespec_.tv_sec = 1;
  const auto start = Clock::now();
  EXPECT_THAT(call(arguments_), SyscallSucceedsWithValue(0));
  EXPECT_GE(Clock::now() - start, std::chrono::seconds(1));
}

TEST_F(AbiTimespecTest, OfZeroDoesNotSleep) {
  const long sleeps = sleeps_of_this_thread();
  EXPECT_THAT(call(arguments_), SyscallSucceedsWithValue(0));
  EXPECT_EQ(sleeps_of_this_thread(), sleeps);
}

TEST_F(AbiTimespecTest, AtNoAddressIsNoLimit) {
  expect_to_sleep_until_an_event(0, XPOLL_WAIT_TIMESPEC);
}

TEST_F(AbiTimespecTest, TheLongestDoesNotOverflow) {
  timespec_.tv_sec = kLongest;
  timespec_.tv_nsec = 999'999'999;
  expect_to_sleep_until_an_event(arguments_.timeout_ns, XPOLL_WAIT_TIMESPEC);
}

TEST_F(AbiTimespecTest, MayBeATime) {
  const auto end = Clock::now() + milliseconds(3);
  arguments_.flags |= XPOLL_WAIT_ABSTIME;
  const nanoseconds since_boot = end.time_since_epoch();
  timespec_.tv_sec = since_boot / std::chrono::seconds(1);
  timespec_.tv_nsec = (since_boot % std::chrono::seconds(1)).count();
  EXPECT_THAT(call(arguments_), SyscallSucceedsWithValue(0));
  EXPECT_GE(Clock::now(), end);
}

TEST_F(AbiTimespecTest, ThatCannotBeReadIsEfault) {
  const GuardedMemory memory;
  watch_ready();
  for (const std::uint64_t where :
       {address(memory.inaccessible<char>()),
        address(memory.cut_after<char>(sizeof(timespec_) - 1)), kOutsideUserSpace}) {
    arguments_.timeout_ns = static_cast<std::int64_t>(where);
    EXPECT_THAT(call(arguments_), SyscallFailsWithErrno(EFAULT)) << std::hex << where;
  }
}

TEST_F(AbiTimespecTest, ThatIsNoTimeIsEinvalEvenIfSomethingIsReady) {
  watch_ready();
  for (const auto& [sec, nsec] : {std::pair{-1L, 0L}, {0L, -1L}, {0L, 1'000'000'000L}}) {
    timespec_.tv_sec = sec;
    timespec_.tv_nsec = nsec;
    EXPECT_THAT(call(arguments_), SyscallFailsWithErrno(EINVAL)) << sec << ' ' << nsec;
  }
}

TEST_F(AbiTimespecTest, ItsEfaultComesAfterEinvalOfTheWorker) {
  arguments_.worker = XPOLL_WORKERS_MAX + 1;
  arguments_.timeout_ns = static_cast<std::int64_t>(kOutsideUserSpace);
  EXPECT_THAT(call(arguments_), SyscallFailsWithErrno(EINVAL));
}

TEST_F(AbiTimespecTest, ItsEfaultComesBeforeEinvalOfTheSignalSetsSize) {
  arguments_.timeout_ns = static_cast<std::int64_t>(kOutsideUserSpace);
  arguments_.sigmask = address(&mask_);
  arguments_.sigsetsize = kSigsetSize + 1;
  EXPECT_THAT(call(arguments_), SyscallFailsWithErrno(EFAULT));
}

TEST_F(AbiTimespecTest, ItsEinvalComesBeforeEfaultOfTheSignalSet) {
  timespec_.tv_nsec = -1;
  arguments_.sigmask = kOutsideUserSpace;
  arguments_.sigsetsize = kSigsetSize;
  EXPECT_THAT(call(arguments_), SyscallFailsWithErrno(EINVAL));
}

}  // namespace
}  // namespace xpoll::test
