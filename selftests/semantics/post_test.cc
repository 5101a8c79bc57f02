// SPDX-License-Identifier: GPL-2.0-only
// XPOLL_IOC_POST: an event of the instance's own.
#include <sys/poll.h>
#include <sys/select.h>

#include <cstring>
#include <memory>
#include <utility>

#include "tools/util/descriptors.h"
#include "tools/util/eventfd.h"
#include "tools/util/wait_until.h"
#include "util/each_backend.h"
#include "util/enter.h"
#include "util/fault_gate.h"
#include "util/guarded_memory.h"
#include "util/matchers.h"
#include "util/one_processor.h"
#include "util/requires.h"
#include "util/sleep_watch.h"
#include "util/stats.h"
#include "util/thread.h"
#include "util/waiter.h"

namespace xpoll::test {
namespace {

constexpr std::uint64_t kData = 0xfedc'ba98'7654'3210;

class PostTest : public XpollOnly {
 protected:
  int post_event(const unique_fd& ep, std::uint64_t data = kData) {
    return ioctl(ep.get(), XPOLL_IOC_POST, &data);
  }

  const unique_fd ep_{backend_.create1(EPOLL_CLOEXEC)};
  const unique_fd ready_ = make_eventfd(1);
};

TEST_F(PostTest, FeaturesSayThatItIsKnown) {
  EXPECT_TRUE(module_features().features & XPOLL_FEATURE_POST);
}

TEST_F(PostTest, DataThatCannotBeReadIsEfaultAndPostsNothing) {
  const GuardedMemory memory;
  for (const void* where : {static_cast<void*>(nullptr), memory.inaccessible<void>(),
                            static_cast<void*>(memory.cut_after<char>(7))})
    EXPECT_THAT(ioctl(ep_.get(), XPOLL_IOC_POST, where), SyscallFailsWithErrno(EFAULT));
  EXPECT_THAT(backend_.ready(ep_.get()), NoEvents());
}

TEST_F(PostTest, DataMayBeAtAnyAddress) {
  const GuardedMemory memory;
  auto* const odd = memory.cut_after<char>(sizeof(kData) + 1);
  std::memcpy(odd, &kData, sizeof(kData));
  EXPECT_THAT(ioctl(ep_.get(), XPOLL_IOC_POST, odd), SyscallSucceedsWithValue(0));
  EXPECT_THAT(backend_.ready(ep_.get()), Events(Event(kData, EPOLLIN)));
}

TEST_F(PostTest, OnTheDeviceItIsEnotty) {
  EXPECT_THAT(post_event(open_device()), SyscallFailsWithErrno(ENOTTY));
}

TEST_F(PostTest, TheEventIsDeliveredOnce) {
  for (int round = 0; round < 3; ++round) {
    EXPECT_THAT(post_event(ep_, kData + round), SyscallSucceedsWithValue(0));
    EXPECT_THAT(backend_.ready(ep_.get(), -1), Events(Event(kData + round, EPOLLIN)));
    EXPECT_THAT(backend_.ready(ep_.get()), NoEvents());
  }
}

TEST_F(PostTest, SeveralBeforeAWaitAreOneWithTheLastData) {
  for (const std::uint64_t data : {1, 2, 3}) ASSERT_THAT(post_event(ep_, data), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(ep_.get()), Events(Event(3, EPOLLIN)));
  EXPECT_THAT(backend_.ready(ep_.get()), NoEvents());
}

TEST_F(PostTest, ItTakesItsPlaceAmongTheWatches) {
  const unique_fd later = make_eventfd(1);
  ASSERT_THAT(backend_.add(ep_.get(), ready_.get(), EPOLLIN | EPOLLET, 1), SyscallSucceeds());
  ASSERT_THAT(post_event(ep_, 2), SyscallSucceeds());
  ASSERT_THAT(backend_.add(ep_.get(), later.get(), EPOLLIN | EPOLLET, 3), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(ep_.get()),
              Events(Event(1, EPOLLIN), Event(2, EPOLLIN), Event(3, EPOLLIN)));
}

TEST_F(PostTest, EachInstanceHasItsOwn) {
  const unique_fd other = backend_.instance();
  ASSERT_THAT(post_event(ep_, 1), SyscallSucceeds());
  ASSERT_THAT(post_event(other, 2), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(ep_.get()), Events(Event(1, EPOLLIN)));
  EXPECT_THAT(backend_.ready(other.get()), Events(Event(2, EPOLLIN)));
}

TEST_F(PostTest, EnterDeliversIt) {
  ASSERT_THAT(post_event(ep_), SyscallSucceeds());
  Enter call(ep_.get());
  EXPECT_THAT(call.call(), SyscallSucceedsWithValue(1));
  EXPECT_THAT(call.events(), Events(Event(kData, EPOLLIN)));
}

TEST_F(PostTest, ItCountsForAMinimum) {
  ASSERT_THAT(backend_.add(ep_.get(), ready_.get(), EPOLLIN), SyscallSucceeds());
  Enter call(ep_.get());
  call.arguments.minevents = 2;
  call.arguments.timeout_ns = -1;
  Thread sleeper([&] { EXPECT_EQ(call.call(), 2); });
  sleeper.wait_until_asleep_in_wait();
  ASSERT_THAT(post_event(ep_), SyscallSucceeds());
  sleeper.join();
}

TEST_F(PostTest, AloneItIsBelowAMinimumOfTwo) {
  Enter call(ep_.get());
  call.arguments.minevents = 2;
  call.arguments.timeout_ns = -1;
  Thread sleeper([&] { EXPECT_EQ(call.call(), 2); });
  const SleepWatch asleep(sleeper.tid());
  ASSERT_THAT(post_event(ep_), SyscallSucceeds());
  EXPECT_TRUE(asleep.undisturbed());
  ASSERT_THAT(backend_.add(ep_.get(), ready_.get(), EPOLLIN), SyscallSucceeds());
  sleeper.join();
}

TEST_F(PostTest, AnotherThreadWakesAWaiter) {
  Waiter waiter(backend_, ep_.get());
  waiter.wait_until_asleep();
  ASSERT_THAT(post_event(ep_), SyscallSucceeds());
  EXPECT_THAT(waiter.join(), SyscallSucceedsWithValue(1));
  EXPECT_THAT(waiter.events()[0], Event(kData, EPOLLIN));
}

TEST_F(PostTest, ItWakesOneOfTwo) {
  auto one = std::make_unique<Waiter>(backend_, ep_.get());
  one->wait_until_asleep();
  auto other = std::make_unique<Waiter>(backend_, ep_.get());
  other->wait_until_asleep();
  const SleepWatch asleep(one->tid());
  ASSERT_THAT(post_event(ep_, 1), SyscallSucceeds());
  // native epoll's order: who came last is woken first
  EXPECT_THAT(other->join(), SyscallSucceedsWithValue(1));
  EXPECT_THAT(other->events()[0], Event(1, EPOLLIN));
  EXPECT_TRUE(asleep.undisturbed());
  ASSERT_THAT(post_event(ep_, 2), SyscallSucceeds());
  EXPECT_THAT(one->join(), SyscallSucceedsWithValue(1));
  EXPECT_THAT(one->events()[0], Event(2, EPOLLIN));
}

// The one that the first POST woke may take another event, or not come back.
TEST_F(PostTest, OneThatIsPendingWakesTheNextWaiter) {
  const OneProcessor here;
  auto one = std::make_unique<Waiter>(backend_, ep_.get());
  auto other = std::make_unique<Waiter>(backend_, ep_.get());
  one->wait_until_asleep();
  other->wait_until_asleep();
  const auto before = stats_of(ep_).wakeups;
  here.undisturbed([&] {
    ASSERT_THAT(post_event(ep_, 1), SyscallSucceeds());
    ASSERT_THAT(post_event(ep_, 2), SyscallSucceeds());
  });
  EXPECT_EQ(stats_of(ep_).wakeups - before, 2U);
  // Either of them may scan first, and the last data counts.
  wait_until("the end of a wait", [&] { return one->returned() || other->returned(); });
  if (one->returned()) std::swap(one, other);
  EXPECT_THAT(other->join(), SyscallSucceedsWithValue(1));
  EXPECT_THAT(other->events()[0], Event(2, EPOLLIN));
  one->wait_until_asleep();
  ASSERT_THAT(post_event(ep_, 3), SyscallSucceeds());
  EXPECT_THAT(one->join(), SyscallSucceedsWithValue(1));
}

TEST_F(PostTest, PollAndSelectSeeItAndDoNotTakeIt) {
  ASSERT_THAT(post_event(ep_), SyscallSucceeds());
  pollfd fd{.fd = ep_.get(), .events = POLLIN, .revents = 0};
  EXPECT_THAT(poll(&fd, 1, 0), SyscallSucceedsWithValue(1));
  fd_set set;
  FD_ZERO(&set);
  FD_SET(ep_.get(), &set);
  EXPECT_THAT(select(ep_.get() + 1, &set, nullptr, nullptr, nullptr), SyscallSucceedsWithValue(1));
  EXPECT_THAT(backend_.ready(ep_.get()), Events(Event(kData, EPOLLIN)));
  EXPECT_THAT(poll(&fd, 1, 0), SyscallSucceedsWithValue(0));
}

TEST_F(PostTest, ItWakesATaskInPoll) {
  Thread poller([this] {
    pollfd fd{.fd = ep_.get(), .events = POLLIN, .revents = 0};
    EXPECT_EQ(poll(&fd, 1, -1), 1);
  });
  poller.wait_until_asleep_in_wait();
  ASSERT_THAT(post_event(ep_), SyscallSucceeds());
  poller.join();
}

TEST_F(PostTest, ItGoesThroughNestedInstances) {
  const unique_fd middle = backend_.instance();
  const unique_fd outer = backend_.instance();
  ASSERT_THAT(backend_.add(middle.get(), ep_.get(), EPOLLIN), SyscallSucceeds());
  ASSERT_THAT(backend_.add(outer.get(), middle.get(), EPOLLIN), SyscallSucceeds());
  Waiter waiter(backend_, outer.get());
  waiter.wait_until_asleep();
  ASSERT_THAT(post_event(ep_), SyscallSucceeds());
  EXPECT_THAT(waiter.join(), SyscallSucceedsWithValue(1));
  EXPECT_THAT(backend_.ready(ep_.get()), Events(Event(kData, EPOLLIN)));
  EXPECT_THAT(backend_.ready(outer.get()), NoEvents());
}

TEST_F(PostTest, EachIsAnEdgeForAnInstanceThatWatches) {
  const unique_fd outer = backend_.instance();
  ASSERT_THAT(backend_.add(outer.get(), ep_.get(), EPOLLIN | EPOLLET, 5), SyscallSucceeds());
  for (int round = 0; round < 3; ++round) {
    ASSERT_THAT(post_event(ep_), SyscallSucceeds());
    EXPECT_THAT(backend_.ready(outer.get()), Events(Event(5, EPOLLIN)));
    EXPECT_THAT(backend_.ready(outer.get()), NoEvents());
  }
}

TEST_F(PostTest, AnArrayThatCannotBeWrittenDoesNotLoseIt) {
  const GuardedMemory memory;
  ASSERT_THAT(post_event(ep_), SyscallSucceeds());
  for (int round = 0; round < 2; ++round)
    EXPECT_THAT(backend_.wait(ep_.get(), memory.inaccessible<epoll_event>(), 1, 0),
                SyscallFailsWithErrno(EFAULT));
  EXPECT_THAT(backend_.ready(ep_.get()), Events(Event(kData, EPOLLIN)));
  EXPECT_THAT(backend_.ready(ep_.get()), NoEvents());
}

// During a scan that has not reached the event, one that delivers it, and after that.
TEST_F(PostTest, OneDuringAScanIsDelivered) {
  XPOLL_REQUIRE(FaultGate::available(), "userfaultfd");
  for (const int gated : {0, 1}) {
    const unique_fd ep = backend_.instance();
    ASSERT_THAT(backend_.add(ep.get(), ready_.get(), EPOLLIN | EPOLLET, 1), SyscallSucceeds());
    ASSERT_THAT(post_event(ep, 2), SyscallSucceeds());
    FaultGate gate;
    epoll_event* const events = gate.array_gated_at(gated);
    Waiter scanning(backend_, ep.get(), events, 2);
    gate.wait_until_reached();
    ASSERT_THAT(post_event(ep, 3), SyscallSucceeds());
    gate.open();
    ASSERT_THAT(scanning.join(), SyscallSucceedsWithValue(2));
    if (gated == 0) {
      // replaced in time
      EXPECT_THAT(events[1], Event(3, EPOLLIN));
      EXPECT_THAT(backend_.ready(ep.get()), NoEvents());
    } else {
      EXPECT_THAT(events[1], Event(2, EPOLLIN));
      EXPECT_THAT(backend_.ready(ep.get()), Events(Event(3, EPOLLIN)));
    }
  }
}

TEST_F(PostTest, OneDuringAStoreThatFailsReplacesTheOneThatWasNotStored) {
  XPOLL_REQUIRE(FaultGate::available(), "userfaultfd");
  ASSERT_THAT(post_event(ep_, 2), SyscallSucceeds());
  FaultGate gate;
  Waiter scanning(backend_, ep_.get(), gate.array_gated_at(0), 1);
  gate.wait_until_reached();
  ASSERT_THAT(post_event(ep_, 3), SyscallSucceeds());
  gate.refuse();
  EXPECT_THAT(scanning.join(), SyscallFailsWithErrno(EFAULT));
  EXPECT_THAT(backend_.ready(ep_.get()), Events(Event(3, EPOLLIN)));
  EXPECT_THAT(backend_.ready(ep_.get()), NoEvents());
}

TEST_F(PostTest, ItIsNoWatch) {
  ASSERT_THAT(post_event(ep_), SyscallSucceeds());
  const struct xpoll_stats stats = stats_of(ep_);
  EXPECT_EQ(stats.watches, 0U);
  EXPECT_EQ(stats.open_watches, 0U);
  EXPECT_EQ(stats.callbacks, 0U);
}

TEST_F(PostTest, AnInstanceMayEndWithAnEventPending) {
  unique_fd ep = backend_.instance();
  ASSERT_THAT(post_event(ep), SyscallSucceeds());
  ep.reset();
}

}  // namespace
}  // namespace xpoll::test
