// SPDX-License-Identifier: GPL-2.0-only
// Who is woken by what: waiters of an instance, and pollers of its descriptor.
#include <poll.h>
#include <sys/select.h>

#include <algorithm>
#include <array>
#include <list>
#include <vector>

#include "util/descriptors.h"
#include "util/each_backend.h"
#include "util/eventfd.h"
#include "util/matchers.h"
#include "util/sleep_watch.h"
#include "util/sockets.h"
#include "util/thread.h"
#include "util/wait_until.h"
#include "util/waiter.h"

namespace xpoll_test {
namespace {

class WakeupTest : public EachBackend {
 protected:
  // Waiters that all sleep.
  std::list<Waiter> sleepers(const Fd& ep, int count, int maxevents = 1) {
    std::list<Waiter> waiters;
    for (int i = 0; i < count; ++i)
      waiters.emplace_back(backend_, ep.get(), maxevents).waitUntilAsleep();
    return waiters;
  }
};
XPOLL_FOR_EACH_BACKEND(WakeupTest);

TEST_P(WakeupTest, OneEdgeEventWakesOneOfManyWaiters) {
  const Fd ep = backend_.instance();
  const Fd eventfd = makeEventfd();
  ASSERT_THAT(backend_.add(ep.get(), eventfd.get(), EPOLLIN | EPOLLET), SyscallSucceeds());
  std::list<Waiter> waiters = sleepers(ep, 3);
  std::vector<SleepWatch> sleeps;
  for (const Waiter& waiter : waiters) sleeps.emplace_back(waiter.tid());
  for (int woken = 1; woken <= 3; ++woken) {
    post(eventfd);
    waitUntil("one waiter back",
              [&] { return std::ranges::count_if(waiters, &Waiter::returned) >= woken; });
    EXPECT_EQ(std::ranges::count_if(sleeps, &SleepWatch::undisturbed), 3 - woken);
  }
  for (Waiter& waiter : waiters) EXPECT_THAT(waiter.join(), SyscallSucceedsWithValue(1));
}

TEST_P(WakeupTest, ScanThatLeavesTheListNonEmptyWakesAnother) {
  // A level item that was delivered is queued again, so each waiter in turn wakes the next.
  const Fd ep = backend_.instance();
  const Fd eventfd = makeEventfd();
  ASSERT_THAT(backend_.add(ep.get(), eventfd.get(), EPOLLIN), SyscallSucceeds());
  std::list<Waiter> waiters = sleepers(ep, 3);
  post(eventfd);
  for (Waiter& waiter : waiters) EXPECT_THAT(waiter.join(), SyscallSucceedsWithValue(1));
}

TEST_P(WakeupTest, EventsBeyondMaxeventsReachOtherWaiters) {
  const Fd ep = backend_.instance();
  const Pipe pipe = makePipe();
  // Three watches on one wait queue.
  std::vector<Fd> dups;
  for (int i = 0; i < 3; ++i) {
    dups.push_back(pipe.reader.dup());
    ASSERT_THAT(backend_.add(ep.get(), dups.back().get(), EPOLLIN | EPOLLET), SyscallSucceeds());
  }
  std::list<Waiter> waiters = sleepers(ep, 3);
  writeAll(pipe.writer, "x");
  std::vector<epoll_event> delivered;
  for (Waiter& waiter : waiters) {
    EXPECT_THAT(waiter.join(), SyscallSucceedsWithValue(1));
    delivered.push_back(waiter.events().at(0));
  }
  EXPECT_THAT(delivered, testing::UnorderedElementsAre(Event(dups[0].get(), EPOLLIN),
                                                       Event(dups[1].get(), EPOLLIN),
                                                       Event(dups[2].get(), EPOLLIN)));
}

TEST_P(WakeupTest, AddOfAReadyDescriptorWakesAWaiter) {
  const Fd ep = backend_.instance();
  const TcpPair pair = tcpPair();
  Waiter waiter(backend_, ep.get());
  waiter.waitUntilAsleep();
  ASSERT_THAT(backend_.add(ep.get(), pair.server.get(), EPOLLOUT), SyscallSucceeds());
  EXPECT_THAT(waiter.join(), SyscallSucceedsWithValue(1));
  EXPECT_THAT(waiter.events(), Events(Event(pair.server.get(), EPOLLOUT)));
}

TEST_P(WakeupTest, ModToAReadyBitWakesAWaiter) {
  const Fd ep = backend_.instance();
  const TcpPair pair = tcpPair();
  ASSERT_THAT(backend_.add(ep.get(), pair.server.get(), EPOLLIN), SyscallSucceeds());
  Waiter waiter(backend_, ep.get());
  waiter.waitUntilAsleep();
  ASSERT_THAT(backend_.mod(ep.get(), pair.server.get(), EPOLLOUT), SyscallSucceeds());
  EXPECT_THAT(waiter.join(), SyscallSucceedsWithValue(1));
  EXPECT_THAT(waiter.events(), Events(Event(pair.server.get(), EPOLLOUT)));
}

TEST_P(WakeupTest, TcpDataWakesAWaiter) {
  const Fd ep = backend_.instance();
  const TcpPair pair = tcpPair();
  ASSERT_THAT(backend_.add(ep.get(), pair.server.get(), EPOLLIN), SyscallSucceeds());
  Waiter waiter(backend_, ep.get());
  waiter.waitUntilAsleep();
  writeAll(pair.client, "x");
  EXPECT_THAT(waiter.join(), SyscallSucceedsWithValue(1));
  EXPECT_THAT(waiter.events(), Events(Event(pair.server.get(), EPOLLIN)));
}

TEST_P(WakeupTest, UnmatchedWakeDisturbsNobody) {
  const Fd ep = backend_.instance();
  const Fd eventfd = makeEventfd();
  ASSERT_THAT(backend_.add(ep.get(), eventfd.get(), EPOLLOUT | EPOLLET), SyscallSucceeds());
  ASSERT_THAT(backend_.ready(ep.get()), Events(Event(eventfd.get(), EPOLLOUT)));
  Waiter waiter(backend_, ep.get());
  const SleepWatch sleep(waiter.tid());
  post(eventfd);
  EXPECT_TRUE(sleep.undisturbed());
  take(eventfd);
  EXPECT_THAT(waiter.join(), SyscallSucceedsWithValue(1));
}

TEST_P(WakeupTest, PollerOfAnInstanceIsWoken) {
  const Fd ep = backend_.instance();
  const Fd eventfd = makeEventfd();
  ASSERT_THAT(backend_.add(ep.get(), eventfd.get(), EPOLLIN), SyscallSucceeds());
  pollfd request{.fd = ep.get(), .events = POLLIN | POLLRDNORM, .revents = 0};
  int polled = 0;
  Thread poller([&] { polled = poll(&request, 1, -1); });
  poller.waitUntilAsleepInWait();
  post(eventfd);
  poller.join();
  EXPECT_EQ(polled, 1);
  EXPECT_EQ(request.revents, POLLIN | POLLRDNORM);
}

TEST_P(WakeupTest, SelectOnAnInstanceIsWoken) {
  const Fd ep = backend_.instance();
  const Fd eventfd = makeEventfd();
  ASSERT_THAT(backend_.add(ep.get(), eventfd.get(), EPOLLIN), SyscallSucceeds());
  fd_set set;
  FD_ZERO(&set);
  FD_SET(ep.get(), &set);
  int selected = 0;
  Thread selector([&] { selected = select(ep.get() + 1, &set, nullptr, nullptr, nullptr); });
  selector.waitUntilAsleepInWait();
  post(eventfd);
  selector.join();
  EXPECT_EQ(selected, 1);
  EXPECT_TRUE(FD_ISSET(ep.get(), &set));
}

TEST_P(WakeupTest, AllPollersOfAnInstanceAreWokenAndOneWaiter) {
  const Fd ep = backend_.instance();
  const Fd eventfd = makeEventfd();
  ASSERT_THAT(backend_.add(ep.get(), eventfd.get(), EPOLLIN), SyscallSucceeds());
  std::array<int, 2> polled{};
  const auto pollOnce = [&](int& result) {
    pollfd request{.fd = ep.get(), .events = POLLIN, .revents = 0};
    result = poll(&request, 1, -1);
  };
  Thread first([&] { pollOnce(polled[0]); });
  Thread second([&] { pollOnce(polled[1]); });
  Waiter waiter(backend_, ep.get());
  first.waitUntilAsleepInWait();
  second.waitUntilAsleepInWait();
  waiter.waitUntilAsleep();
  post(eventfd);
  first.join();
  second.join();
  EXPECT_THAT(polled, testing::ElementsAre(1, 1));
  EXPECT_THAT(waiter.join(), SyscallSucceedsWithValue(1));
}

TEST_P(WakeupTest, AddOfAReadyDescriptorWakesAPollerOfTheInstance) {
  const Fd ep = backend_.instance();
  const Fd eventfd = makeEventfd(1);
  pollfd request{.fd = ep.get(), .events = POLLIN, .revents = 0};
  int polled = 0;
  Thread poller([&] { polled = poll(&request, 1, -1); });
  poller.waitUntilAsleepInWait();
  ASSERT_THAT(backend_.add(ep.get(), eventfd.get(), EPOLLIN), SyscallSucceeds());
  poller.join();
  EXPECT_EQ(polled, 1);
}

// A chain of instances of which each watches the next, the last one watching an eventfd.
class NestedWakeupTest : public WakeupTest {
 protected:
  static constexpr int kLongest = 5;

  std::vector<Fd> makeChain(int length, const Fd& eventfd, std::uint32_t trigger) {
    std::vector<Fd> chain;
    for (int i = 0; i < length; ++i) chain.push_back(backend_.instance());
    EXPECT_THAT(backend_.add(chain.back().get(), eventfd.get(), EPOLLIN | trigger),
                SyscallSucceeds());
    for (int i = length - 1; i > 0; --i) {
      EXPECT_THAT(backend_.add(chain[i - 1].get(), chain[i].get(), EPOLLIN | trigger),
                  SyscallSucceeds());
    }
    return chain;
  }
};
XPOLL_FOR_EACH_BACKEND(NestedWakeupTest);

TEST_P(NestedWakeupTest, WakeTravelsUpTheWholeChain) {
  for (const std::uint32_t trigger : {0U, EPOLLET + 0U}) {
    for (int length = 2; length <= kLongest; ++length) {
      const Fd eventfd = makeEventfd();
      const std::vector<Fd> chain = makeChain(length, eventfd, trigger);
      Waiter waiter(backend_, chain[0].get());
      waiter.waitUntilAsleep();
      post(eventfd);
      EXPECT_THAT(waiter.join(), SyscallSucceedsWithValue(1));
      EXPECT_THAT(waiter.events(), Events(Event(chain[1].get(), EPOLLIN)));
    }
  }
}

TEST_P(NestedWakeupTest, WaitersOnEveryLevelAreWoken) {
  const Fd eventfd = makeEventfd();
  const std::vector<Fd> chain = makeChain(kLongest, eventfd, 0);
  std::list<Waiter> waiters;
  for (const Fd& ep : chain) waiters.emplace_back(backend_, ep.get()).waitUntilAsleep();
  post(eventfd);
  for (Waiter& waiter : waiters) EXPECT_THAT(waiter.join(), SyscallSucceedsWithValue(1));
}

TEST_P(NestedWakeupTest, DrainedBelowIsNotReportedAbove) {
  const Fd eventfd = makeEventfd();
  const std::vector<Fd> chain = makeChain(kLongest, eventfd, 0);
  post(eventfd);
  EXPECT_THAT(backend_.ready(chain[0].get()), Events(Event(chain[1].get(), EPOLLIN)));
  take(eventfd);
  EXPECT_THAT(backend_.ready(chain[0].get()), NoEvents());
}

TEST_P(NestedWakeupTest, EdgeTriggeredInnerInstanceReportsEachWakeOnce) {
  const Fd outer = backend_.instance();
  const Fd inner = backend_.instance();
  const Fd eventfd = makeEventfd();
  ASSERT_THAT(backend_.add(inner.get(), eventfd.get(), EPOLLIN), SyscallSucceeds());
  ASSERT_THAT(backend_.add(outer.get(), inner.get(), EPOLLIN | EPOLLET), SyscallSucceeds());
  for (int i = 0; i < 2; ++i) {
    post(eventfd);
    EXPECT_THAT(backend_.ready(outer.get()), Events(Event(inner.get(), EPOLLIN)));
    EXPECT_THAT(backend_.ready(outer.get()), NoEvents());
  }
}

TEST_P(NestedWakeupTest, OneEventReachesTwoOuterInstances) {
  const Fd inner = backend_.instance();
  const Fd left = backend_.instance();
  const Fd right = backend_.instance();
  const TcpPair pair = tcpPair();
  ASSERT_THAT(backend_.add(inner.get(), pair.server.get(), EPOLLIN), SyscallSucceeds());
  ASSERT_THAT(backend_.add(left.get(), inner.get(), EPOLLIN), SyscallSucceeds());
  ASSERT_THAT(backend_.add(right.get(), inner.get(), EPOLLIN), SyscallSucceeds());
  Waiter on_left(backend_, left.get());
  Waiter on_right(backend_, right.get());
  on_left.waitUntilAsleep();
  on_right.waitUntilAsleep();
  writeAll(pair.client, "x");
  EXPECT_THAT(on_left.join(), SyscallSucceedsWithValue(1));
  EXPECT_THAT(on_right.join(), SyscallSucceedsWithValue(1));
}

TEST_P(NestedWakeupTest, ClosedInnerInstanceLeavesTheOuter) {
  const Fd outer = backend_.instance();
  const Fd eventfd = makeEventfd(1);
  Fd inner = backend_.instance();
  ASSERT_THAT(backend_.add(inner.get(), eventfd.get(), EPOLLIN), SyscallSucceeds());
  ASSERT_THAT(backend_.add(outer.get(), inner.get(), EPOLLIN), SyscallSucceeds());
  ASSERT_THAT(backend_.ready(outer.get()), Events(Event(inner.get(), EPOLLIN)));
  inner.reset();
  EXPECT_THAT(backend_.ready(outer.get()), NoEvents());
}

}  // namespace
}  // namespace xpoll_test
