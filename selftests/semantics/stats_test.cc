// SPDX-License-Identifier: GPL-2.0-only
// XPOLL_IOC_STATS of an instance: each count is exact.
#include "util/stats.h"

#include "tools/util/descriptors.h"
#include "tools/util/eventfd.h"
#include "util/each_backend.h"
#include "util/fault_gate.h"
#include "util/guarded_memory.h"
#include "util/matchers.h"
#include "util/raw.h"
#include "util/requires.h"
#include "util/waiter.h"

namespace xpoll::test {
namespace {

class StatsTest : public XpollOnly {
 protected:
  struct xpoll_stats stats() {
    return stats_of(ep_);
  }

  const unique_fd ep_{backend_.create1(EPOLL_CLOEXEC)};
  const unique_fd watched_ = make_eventfd();
};

TEST_F(StatsTest, ANewInstanceHasCountedOnlyItself) {
  struct xpoll_stats expected {};
  expected.instances = 1;
  expected.open_instances = 1;
  EXPECT_EQ(stats(), expected);
}

TEST_F(StatsTest, AWatchIsCountedAndIsOpenUntilItIsRemoved) {
  ASSERT_THAT(backend_.add(ep_.get(), watched_.get(), EPOLLIN), SyscallSucceeds());
  EXPECT_EQ(stats().watches, 1U);
  EXPECT_EQ(stats().open_watches, 1U);
  ASSERT_THAT(backend_.del(ep_.get(), watched_.get()), SyscallSucceeds());
  EXPECT_EQ(stats().watches, 1U);
  EXPECT_EQ(stats().open_watches, 0U);
}

TEST_F(StatsTest, TheLastCloseEndsAWatch) {
  ASSERT_THAT(backend_.add(ep_.get(), make_eventfd().get(), EPOLLIN), SyscallSucceeds());
  EXPECT_EQ(stats().watches, 1U);
  EXPECT_EQ(stats().open_watches, 0U);
}

TEST_F(StatsTest, AnAdditionThatFailsIsNotCounted) {
  ASSERT_THAT(backend_.add(ep_.get(), watched_.get(), EPOLLIN), SyscallSucceeds());
  ASSERT_THAT(backend_.add(ep_.get(), watched_.get(), EPOLLIN), SyscallFailsWithErrno(EEXIST));
  ASSERT_THAT(backend_.add(ep_.get(), ep_.get(), EPOLLIN), SyscallFailsWithErrno(EINVAL));
  EXPECT_EQ(stats().watches, 1U);
  EXPECT_EQ(stats().open_watches, 1U);
}

TEST_F(StatsTest, EachWakeUpOfAWatchedFileIsACallback) {
  ASSERT_THAT(backend_.add(ep_.get(), watched_.get(), EPOLLIN), SyscallSucceeds());
  post(watched_);
  post(watched_);
  EXPECT_EQ(stats().callbacks, 2U);
}

TEST_F(StatsTest, AWakeUpThatTheWatchDoesNotAskForIsACallbackToo) {
  ASSERT_THAT(backend_.add(ep_.get(), watched_.get(), EPOLLPRI), SyscallSucceeds());
  post(watched_);
  EXPECT_EQ(stats().callbacks, 1U);
}

TEST_F(StatsTest, EventsAreThoseThatWereDelivered) {
  const unique_fd other = make_eventfd(1);
  ASSERT_THAT(backend_.add(ep_.get(), watched_.get(), EPOLLIN), SyscallSucceeds());
  ASSERT_THAT(backend_.add(ep_.get(), other.get(), EPOLLIN | EPOLLET), SyscallSucceeds());
  post(watched_);
  ASSERT_EQ(backend_.ready(ep_.get()).size(), 2U);
  ASSERT_EQ(backend_.ready(ep_.get()).size(), 1U);
  EXPECT_EQ(stats().events, 3U);
  EXPECT_EQ(stats().scans, 2U);
}

TEST_F(StatsTest, AnEventThatCouldNotBeStoredWasNotDelivered) {
  const GuardedMemory memory;
  post(watched_);
  ASSERT_THAT(backend_.add(ep_.get(), watched_.get(), EPOLLIN), SyscallSucceeds());
  ASSERT_THAT(backend_.wait(ep_.get(), memory.inaccessible<epoll_event>(), 1, 0),
              SyscallFailsWithErrno(EFAULT));
  EXPECT_EQ(stats().events, 0U);
}

TEST_F(StatsTest, AWaitThatFindsNothingReadyDoesNotScan) {
  ASSERT_THAT(backend_.add(ep_.get(), watched_.get(), EPOLLIN), SyscallSucceeds());
  ASSERT_TRUE(backend_.ready(ep_.get()).empty());
  EXPECT_EQ(stats().scans, 0U);
}

TEST_F(StatsTest, AScanThatFindsThatItsItemIsReadyNoMoreDeliversNothing) {
  ASSERT_THAT(backend_.add(ep_.get(), watched_.get(), EPOLLIN), SyscallSucceeds());
  post(watched_);
  take(watched_);
  ASSERT_TRUE(backend_.ready(ep_.get()).empty());
  EXPECT_EQ(stats().scans, 1U);
  EXPECT_EQ(stats().events, 0U);
}

TEST_F(StatsTest, OneWakeUpIsCountedForOneWaiter) {
  ASSERT_THAT(backend_.add(ep_.get(), watched_.get(), EPOLLIN | EPOLLET), SyscallSucceeds());
  Waiter waiter(backend_, ep_.get());
  waiter.wait_until_asleep();
  EXPECT_EQ(stats().wakeups, 0U);
  post(watched_);
  ASSERT_EQ(waiter.join(), 1);
  EXPECT_EQ(stats().wakeups, 1U);
}

TEST_F(StatsTest, AnEventWithoutAWaiterWakesNone) {
  ASSERT_THAT(backend_.add(ep_.get(), watched_.get(), EPOLLIN), SyscallSucceeds());
  post(watched_);
  EXPECT_EQ(stats().wakeups, 0U);
}

TEST_F(StatsTest, AnEventThatComesDuringAScanIsAnOverflow) {
  XPOLL_REQUIRE(FaultGate::available(), "userfaultfd");
  const unique_fd first = make_eventfd(1);
  const unique_fd second = make_eventfd(1);
  for (const unique_fd* fd : {&first, &second, &watched_})
    ASSERT_THAT(backend_.add(ep_.get(), fd->get(), EPOLLIN | EPOLLET), SyscallSucceeds());
  FaultGate gate;
  Waiter scanner(backend_, ep_.get(), gate.array_gated_at(1), 2);
  gate.wait_until_reached();
  post(watched_);
  EXPECT_EQ(stats().overflows, 1U);
  gate.open();
  EXPECT_EQ(scanner.join(), 2);
  EXPECT_THAT(backend_.ready(ep_.get()), Events(Event(watched_.get(), EPOLLIN)));
  EXPECT_EQ(stats().overflows, 1U);
}

TEST_F(StatsTest, TheReservedFieldsAreZero) {
  for (const std::uint64_t reserved : stats().reserved) EXPECT_EQ(reserved, 0U);
}

TEST_F(StatsTest, StatsThatCannotBeStoredAreEfault) {
  GuardedMemory memory;
  const auto call = [this](void* where) { return ioctl(ep_.get(), XPOLL_IOC_STATS, where); };
  EXPECT_THAT(call(nullptr), SyscallFailsWithErrno(EFAULT));
  EXPECT_THAT(call(memory.cut_after<struct xpoll_stats>(sizeof(struct xpoll_stats) - 1)),
              SyscallFailsWithErrno(EFAULT));
  memory.make_read_only();
  EXPECT_THAT(call(memory.last<struct xpoll_stats>()), SyscallFailsWithErrno(EFAULT));
}

}  // namespace
}  // namespace xpoll::test
