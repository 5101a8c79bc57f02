// SPDX-License-Identifier: GPL-2.0-only
// Which tasks are woken: waiters of an instance, and pollers of its descriptor.
#include <poll.h>
#include <sys/select.h>

#include <algorithm>
#include <array>
#include <list>
#include <vector>

#include "tools/util/descriptors.h"
#include "tools/util/eventfd.h"
#include "tools/util/sockets.h"
#include "tools/util/wait_until.h"
#include "util/each_backend.h"
#include "util/matchers.h"
#include "util/sleep_watch.h"
#include "util/thread.h"
#include "util/waiter.h"

namespace xpoll::test {
namespace {

class WakeupTest : public EachBackend {
 protected:
  // Waiters that are all asleep.
  std::list<Waiter> sleepers(const unique_fd& ep, int count, int maxevents = 1) {
    std::list<Waiter> waiters;
    for (int i = 0; i < count; ++i)
      waiters.emplace_back(backend_, ep.get(), maxevents).wait_until_asleep();
    return waiters;
  }
};
XPOLL_FOR_EACH_BACKEND(WakeupTest);

TEST_P(WakeupTest, OneEdgeEventWakesOneOfManyWaiters) {
  const unique_fd ep = backend_.instance();
  const unique_fd eventfd = make_eventfd();
  ASSERT_THAT(backend_.add(ep.get(), eventfd.get(), EPOLLIN | EPOLLET), SyscallSucceeds());
  std::list<Waiter> waiters = sleepers(ep, 3);
  std::vector<SleepWatch> sleeps;
  for (const Waiter& waiter : waiters) sleeps.emplace_back(waiter.tid());
  for (int woken = 1; woken <= 3; ++woken) {
    post(eventfd);
    wait_until("one waiter back",
               [&] { return std::ranges::count_if(waiters, &Waiter::returned) >= woken; });
    EXPECT_EQ(std::ranges::count_if(sleeps, &SleepWatch::undisturbed), 3 - woken);
  }
  for (Waiter& waiter : waiters) EXPECT_THAT(waiter.join(), SyscallSucceedsWithValue(1));
}

TEST_P(WakeupTest, ScanThatLeavesTheListNonEmptyWakesAnother) {
  // A delivered level-triggered item is queued again, so each waiter wakes the next one.
  const unique_fd ep = backend_.instance();
  const unique_fd eventfd = make_eventfd();
  ASSERT_THAT(backend_.add(ep.get(), eventfd.get(), EPOLLIN), SyscallSucceeds());
  std::list<Waiter> waiters = sleepers(ep, 3);
  post(eventfd);
  for (Waiter& waiter : waiters) EXPECT_THAT(waiter.join(), SyscallSucceedsWithValue(1));
}

TEST_P(WakeupTest, EventsBeyondMaxeventsReachOtherWaiters) {
  const unique_fd ep = backend_.instance();
  const Pipe pipe = make_pipe();
  // Three watches on one wait queue.
  std::vector<unique_fd> dups;
  for (int i = 0; i < 3; ++i) {
    dups.push_back(duplicate(pipe.reader));
    ASSERT_THAT(backend_.add(ep.get(), dups.back().get(), EPOLLIN | EPOLLET), SyscallSucceeds());
  }
  std::list<Waiter> waiters = sleepers(ep, 3);
  write_all(pipe.writer, "x");
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
  const unique_fd ep = backend_.instance();
  const TcpPair pair = tcp_pair();
  Waiter waiter(backend_, ep.get());
  waiter.wait_until_asleep();
  ASSERT_THAT(backend_.add(ep.get(), pair.server.get(), EPOLLOUT), SyscallSucceeds());
  EXPECT_THAT(waiter.join(), SyscallSucceedsWithValue(1));
  EXPECT_THAT(waiter.events(), Events(Event(pair.server.get(), EPOLLOUT)));
}

TEST_P(WakeupTest, ModToAReadyBitWakesAWaiter) {
  const unique_fd ep = backend_.instance();
  const TcpPair pair = tcp_pair();
  ASSERT_THAT(backend_.add(ep.get(), pair.server.get(), EPOLLIN), SyscallSucceeds());
  Waiter waiter(backend_, ep.get());
  waiter.wait_until_asleep();
  ASSERT_THAT(backend_.mod(ep.get(), pair.server.get(), EPOLLOUT), SyscallSucceeds());
  EXPECT_THAT(waiter.join(), SyscallSucceedsWithValue(1));
  EXPECT_THAT(waiter.events(), Events(Event(pair.server.get(), EPOLLOUT)));
}

TEST_P(WakeupTest, TcpDataWakesAWaiter) {
  const unique_fd ep = backend_.instance();
  const TcpPair pair = tcp_pair();
  ASSERT_THAT(backend_.add(ep.get(), pair.server.get(), EPOLLIN), SyscallSucceeds());
  Waiter waiter(backend_, ep.get());
  waiter.wait_until_asleep();
  write_all(pair.client, "x");
  EXPECT_THAT(waiter.join(), SyscallSucceedsWithValue(1));
  EXPECT_THAT(waiter.events(), Events(Event(pair.server.get(), EPOLLIN)));
}

TEST_P(WakeupTest, UnmatchedWakeDisturbsNobody) {
  const unique_fd ep = backend_.instance();
  const unique_fd eventfd = make_eventfd();
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
  const unique_fd ep = backend_.instance();
  const unique_fd eventfd = make_eventfd();
  ASSERT_THAT(backend_.add(ep.get(), eventfd.get(), EPOLLIN), SyscallSucceeds());
  pollfd request{.fd = ep.get(), .events = POLLIN | POLLRDNORM, .revents = 0};
  int polled = 0;
  Thread poller([&] { polled = poll(&request, 1, -1); });
  poller.wait_until_asleep_in_wait();
  post(eventfd);
  poller.join();
  EXPECT_EQ(polled, 1);
  EXPECT_EQ(request.revents, POLLIN | POLLRDNORM);
}

TEST_P(WakeupTest, SelectOnAnInstanceIsWoken) {
  const unique_fd ep = backend_.instance();
  const unique_fd eventfd = make_eventfd();
  ASSERT_THAT(backend_.add(ep.get(), eventfd.get(), EPOLLIN), SyscallSucceeds());
  fd_set set;
  FD_ZERO(&set);
  FD_SET(ep.get(), &set);
  int selected = 0;
  Thread selector([&] { selected = select(ep.get() + 1, &set, nullptr, nullptr, nullptr); });
  selector.wait_until_asleep_in_wait();
  post(eventfd);
  selector.join();
  EXPECT_EQ(selected, 1);
  EXPECT_TRUE(FD_ISSET(ep.get(), &set));
}

TEST_P(WakeupTest, AllPollersOfAnInstanceAreWokenAndOneWaiter) {
  const unique_fd ep = backend_.instance();
  const unique_fd eventfd = make_eventfd();
  ASSERT_THAT(backend_.add(ep.get(), eventfd.get(), EPOLLIN), SyscallSucceeds());
  std::array<int, 2> polled{};
  const auto poll_once = [&](int& result) {
    pollfd request{.fd = ep.get(), .events = POLLIN, .revents = 0};
    result = poll(&request, 1, -1);
  };
  Thread first([&] { poll_once(polled[0]); });
  Thread second([&] { poll_once(polled[1]); });
  Waiter waiter(backend_, ep.get());
  first.wait_until_asleep_in_wait();
  second.wait_until_asleep_in_wait();
  waiter.wait_until_asleep();
  post(eventfd);
  first.join();
  second.join();
  EXPECT_THAT(polled, testing::ElementsAre(1, 1));
  EXPECT_THAT(waiter.join(), SyscallSucceedsWithValue(1));
}

TEST_P(WakeupTest, AddOfAReadyDescriptorWakesAPollerOfTheInstance) {
  const unique_fd ep = backend_.instance();
  const unique_fd eventfd = make_eventfd(1);
  pollfd request{.fd = ep.get(), .events = POLLIN, .revents = 0};
  int polled = 0;
  Thread poller([&] { polled = poll(&request, 1, -1); });
  poller.wait_until_asleep_in_wait();
  ASSERT_THAT(backend_.add(ep.get(), eventfd.get(), EPOLLIN), SyscallSucceeds());
  poller.join();
  EXPECT_EQ(polled, 1);
}

// A chain of instances, each of which watches the next. The last one watches an eventfd.
class NestedWakeupTest : public WakeupTest {
 protected:
  static constexpr int kLongest = 5;

  std::vector<unique_fd> make_chain(int length, const unique_fd& eventfd, std::uint32_t trigger) {
    std::vector<unique_fd> chain;
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
      const unique_fd eventfd = make_eventfd();
      const std::vector<unique_fd> chain = make_chain(length, eventfd, trigger);
      Waiter waiter(backend_, chain[0].get());
      waiter.wait_until_asleep();
      post(eventfd);
      EXPECT_THAT(waiter.join(), SyscallSucceedsWithValue(1));
      EXPECT_THAT(waiter.events(), Events(Event(chain[1].get(), EPOLLIN)));
    }
  }
}

TEST_P(NestedWakeupTest, WaitersOnEveryLevelAreWoken) {
  const unique_fd eventfd = make_eventfd();
  const std::vector<unique_fd> chain = make_chain(kLongest, eventfd, 0);
  std::list<Waiter> waiters;
  for (const unique_fd& ep : chain) waiters.emplace_back(backend_, ep.get()).wait_until_asleep();
  post(eventfd);
  for (Waiter& waiter : waiters) EXPECT_THAT(waiter.join(), SyscallSucceedsWithValue(1));
}

TEST_P(NestedWakeupTest, DrainedBelowIsNotReportedAbove) {
  const unique_fd eventfd = make_eventfd();
  const std::vector<unique_fd> chain = make_chain(kLongest, eventfd, 0);
  post(eventfd);
  EXPECT_THAT(backend_.ready(chain[0].get()), Events(Event(chain[1].get(), EPOLLIN)));
  take(eventfd);
  EXPECT_THAT(backend_.ready(chain[0].get()), NoEvents());
}

TEST_P(NestedWakeupTest, EdgeTriggeredInnerInstanceReportsEachWakeOnce) {
  const unique_fd outer = backend_.instance();
  const unique_fd inner = backend_.instance();
  const unique_fd eventfd = make_eventfd();
  ASSERT_THAT(backend_.add(inner.get(), eventfd.get(), EPOLLIN), SyscallSucceeds());
  ASSERT_THAT(backend_.add(outer.get(), inner.get(), EPOLLIN | EPOLLET), SyscallSucceeds());
  for (int i = 0; i < 2; ++i) {
    post(eventfd);
    EXPECT_THAT(backend_.ready(outer.get()), Events(Event(inner.get(), EPOLLIN)));
    EXPECT_THAT(backend_.ready(outer.get()), NoEvents());
  }
}

TEST_P(NestedWakeupTest, OneEventReachesTwoOuterInstances) {
  const unique_fd inner = backend_.instance();
  const unique_fd left = backend_.instance();
  const unique_fd right = backend_.instance();
  const TcpPair pair = tcp_pair();
  ASSERT_THAT(backend_.add(inner.get(), pair.server.get(), EPOLLIN), SyscallSucceeds());
  ASSERT_THAT(backend_.add(left.get(), inner.get(), EPOLLIN), SyscallSucceeds());
  ASSERT_THAT(backend_.add(right.get(), inner.get(), EPOLLIN), SyscallSucceeds());
  Waiter on_left(backend_, left.get());
  Waiter on_right(backend_, right.get());
  on_left.wait_until_asleep();
  on_right.wait_until_asleep();
  write_all(pair.client, "x");
  EXPECT_THAT(on_left.join(), SyscallSucceedsWithValue(1));
  EXPECT_THAT(on_right.join(), SyscallSucceedsWithValue(1));
}

TEST_P(NestedWakeupTest, ClosedInnerInstanceLeavesTheOuter) {
  const unique_fd outer = backend_.instance();
  const unique_fd eventfd = make_eventfd(1);
  unique_fd inner = backend_.instance();
  ASSERT_THAT(backend_.add(inner.get(), eventfd.get(), EPOLLIN), SyscallSucceeds());
  ASSERT_THAT(backend_.add(outer.get(), inner.get(), EPOLLIN), SyscallSucceeds());
  ASSERT_THAT(backend_.ready(outer.get()), Events(Event(inner.get(), EPOLLIN)));
  inner.reset();
  EXPECT_THAT(backend_.ready(outer.get()), NoEvents());
}

}  // namespace
}  // namespace xpoll::test
