// SPDX-License-Identifier: GPL-2.0-only
// The order of delivery, and events that arrive during a scan. A wait whose array lies behind a
// fault gate stops within its scan while the test causes events.
#include <algorithm>
#include <atomic>
#include <memory>
#include <vector>

#include "tools/util/descriptors.h"
#include "tools/util/eventfd.h"
#include "tools/util/wait_until.h"
#include "util/each_backend.h"
#include "util/fault_gate.h"
#include "util/matchers.h"
#include "util/requires.h"
#include "util/sleep_watch.h"
#include "util/thread.h"
#include "util/waiter.h"

namespace xpoll::test {
namespace {

auto Readable(int index) { return Event(index, EPOLLIN); }

class OrderTest : public EachBackend {
 protected:
  // Watches eventfds that are not ready. The data of number i is i.
  void watch(const unique_fd& ep, int count, std::uint32_t trigger = 0) {
    for (int i = 0; i < count; ++i) {
      fds_.push_back(make_eventfd());
      ASSERT_THAT(backend_.add(ep.get(), fds_.back().get(), EPOLLIN | trigger, i),
                  SyscallSucceeds());
    }
  }
  void post_to(std::initializer_list<int> indices) {
    for (const int i : indices) post(fds_[i]);
  }
  int fd(int index) const { return fds_[index].get(); }

  std::vector<unique_fd> fds_;
};
XPOLL_FOR_EACH_BACKEND(OrderTest);

TEST_P(OrderTest, EventsComeInTheOrderOfTheirWakes) {
  const unique_fd ep = backend_.instance();
  watch(ep, 4, EPOLLET);
  post_to({2, 0, 3, 1});
  EXPECT_THAT(backend_.ready(ep.get()), Events(Readable(2), Readable(0), Readable(3), Readable(1)));
}

TEST_P(OrderTest, SecondWakeOfAReadyItemDoesNotMoveIt) {
  const unique_fd ep = backend_.instance();
  watch(ep, 3, EPOLLET);
  post_to({0, 1, 2, 0});
  EXPECT_THAT(backend_.ready(ep.get()), Events(Readable(0), Readable(1), Readable(2)));
}

TEST_P(OrderTest, LevelItemsTakeTurnsAtMaxeventsOne) {
  const unique_fd ep = backend_.instance();
  watch(ep, 3);
  post_to({0, 1, 2});
  for (const int expected : {0, 1, 2, 0, 1, 2, 0}) {
    EXPECT_THAT(backend_.ready(ep.get(), 0, 1), Events(Readable(expected)));
  }
}

TEST_P(OrderTest, UndeliveredComeBeforeDeliveredLevelItems) {
  const unique_fd ep = backend_.instance();
  watch(ep, 4);
  post_to({0, 1, 2, 3});
  ASSERT_THAT(backend_.ready(ep.get(), 0, 2), Events(Readable(0), Readable(1)));
  EXPECT_THAT(backend_.ready(ep.get()), Events(Readable(2), Readable(3), Readable(0), Readable(1)));
}

TEST_P(OrderTest, UndeliveredEdgeItemsStayQueued) {
  const unique_fd ep = backend_.instance();
  watch(ep, 4, EPOLLET);
  post_to({0, 1, 2, 3});
  ASSERT_THAT(backend_.ready(ep.get(), 0, 3), Events(Readable(0), Readable(1), Readable(2)));
  EXPECT_THAT(backend_.ready(ep.get()), Events(Readable(3)));
  EXPECT_THAT(backend_.ready(ep.get()), NoEvents());
}

class OrderDuringScanTest : public OrderTest {
 protected:
  void SetUp() override {
    OrderTest::SetUp();
    XPOLL_REQUIRE(FaultGate::available(), "userfaultfd");
  }

  // Runs `during` while a wait for at most maxevents is stopped at its k-th event, and returns the
  // events of that wait.
  template <typename During>
  std::vector<epoll_event> wait_with_pause(const unique_fd& ep, int maxevents, int k,
                                           During during) {
    FaultGate gate;
    epoll_event* events = gate.array_gated_at(k);
    Waiter waiter(backend_, ep.get(), events, maxevents);
    gate.wait_until_reached();
    during();
    gate.open();
    const int count = waiter.join();
    EXPECT_THAT(count, SyscallSucceeds());
    return std::vector<epoll_event>(events, events + std::max(count, 0));
  }
};
XPOLL_FOR_EACH_BACKEND(OrderDuringScanTest);

TEST_P(OrderDuringScanTest, UndeliveredThenOverflowInFifoOrderThenDeliveredLevelItems) {
  const unique_fd ep = backend_.instance();
  watch(ep, 7);
  post_to({0, 1, 2, 3});
  ASSERT_THAT(wait_with_pause(ep, 2, 0,
                              [this] {
                                post_to({5, 4, 6});
                              }),
              Events(Readable(0), Readable(1)));
  EXPECT_THAT(backend_.ready(ep.get()), Events(Readable(2), Readable(3), Readable(5), Readable(4),
                                               Readable(6), Readable(0), Readable(1)));
}

TEST_P(OrderDuringScanTest, EventsThatArriveAreNotPartOfTheScan) {
  const unique_fd ep = backend_.instance();
  watch(ep, 2);
  post_to({0});
  EXPECT_THAT(wait_with_pause(ep, 8, 0, [this] { post_to({1}); }), Events(Readable(0)));
  EXPECT_THAT(backend_.ready(ep.get()), Events(Readable(1), Readable(0)));
}

TEST_P(OrderDuringScanTest, UndeliveredItemThatIsWokenAgainIsThereOnce) {
  const unique_fd ep = backend_.instance();
  watch(ep, 3, EPOLLET);
  post_to({0, 1, 2});
  ASSERT_THAT(wait_with_pause(ep, 1, 0, [this] { post_to({2, 1}); }), Events(Readable(0)));
  EXPECT_THAT(backend_.ready(ep.get()), Events(Readable(1), Readable(2)));
  EXPECT_THAT(backend_.ready(ep.get()), NoEvents());
}

TEST_P(OrderDuringScanTest, ItemStillToBeDeliveredThatIsWokenAgainIsReportedAgain) {
  // The wake-up came after the scan took the list, so the event may be newer than the delivered
  // bits.
  const unique_fd ep = backend_.instance();
  watch(ep, 2, EPOLLET);
  post_to({0, 1});
  ASSERT_THAT(wait_with_pause(ep, 8, 0, [this] { post_to({1}); }),
              Events(Readable(0), Readable(1)));
  EXPECT_THAT(backend_.ready(ep.get()), Events(Readable(1)));
  EXPECT_THAT(backend_.ready(ep.get()), NoEvents());
}

TEST_P(OrderDuringScanTest, DeliveredEdgeItemThatIsWokenAgainIsReportedAgain) {
  const unique_fd ep = backend_.instance();
  watch(ep, 2, EPOLLET);
  post_to({0, 1});
  ASSERT_THAT(wait_with_pause(ep, 8, 1, [this] { post_to({0}); }),
              Events(Readable(0), Readable(1)));
  EXPECT_THAT(backend_.ready(ep.get()), Events(Readable(0)));
  EXPECT_THAT(backend_.ready(ep.get()), NoEvents());
}

TEST_P(OrderDuringScanTest, EdgeItemWokenDuringItsOwnDeliveryIsReportedAgain) {
  const unique_fd ep = backend_.instance();
  watch(ep, 1, EPOLLET);
  post_to({0});
  ASSERT_THAT(wait_with_pause(ep, 8, 0, [this] { post_to({0}); }), Events(Readable(0)));
  EXPECT_THAT(backend_.ready(ep.get()), Events(Readable(0)));
  EXPECT_THAT(backend_.ready(ep.get()), NoEvents());
}

TEST_P(OrderDuringScanTest, DeliveredLevelItemThatIsWokenAgainIsThereOnce) {
  const unique_fd ep = backend_.instance();
  watch(ep, 2);
  post_to({0, 1});
  ASSERT_THAT(wait_with_pause(ep, 8, 1,
                              [this] {
                                post_to({0, 0});
                              }),
              Events(Readable(0), Readable(1)));
  EXPECT_THAT(backend_.ready(ep.get()), testing::UnorderedElementsAre(Readable(0), Readable(1)));
}

TEST_P(OrderDuringScanTest, OneshotItemWokenDuringItsOwnDeliveryStaysDisarmed) {
  const unique_fd ep = backend_.instance();
  watch(ep, 2, EPOLLONESHOT);
  post_to({0, 1});
  ASSERT_THAT(wait_with_pause(ep, 8, 0, [this] { post_to({0}); }),
              Events(Readable(0), Readable(1)));
  EXPECT_THAT(backend_.ready(ep.get()), NoEvents());
}

TEST_P(OrderDuringScanTest, DelDuringAScanWaitsForItsEnd) {
  const unique_fd ep = backend_.instance();
  watch(ep, 2);
  post_to({0, 1});
  std::atomic<int> deleted{-1};
  std::unique_ptr<Thread> deleter;
  const auto delivered = wait_with_pause(ep, 8, 0, [&] {
    deleter = std::make_unique<Thread>([&] { deleted = backend_.del(ep.get(), fd(1)); });
    wait_until("the DEL waits", [&] { return deleted == 0 || is_asleep(deleter->tid()); });
  });
  deleter->join();
  EXPECT_THAT(deleted.load(), SyscallSucceeds());
  EXPECT_THAT(delivered, Events(Readable(0), Readable(1)));
  EXPECT_THAT(backend_.ready(ep.get()), Events(Readable(0)));
}

TEST_P(OrderDuringScanTest, ZeroTimeoutDuringAnotherScanIsNotFalselyEmpty) {
  // The other thread's scan has taken the only ready item. The item is level-triggered, so it is
  // ready for this wait too.
  const unique_fd ep = backend_.instance();
  watch(ep, 1);
  post_to({0});
  std::unique_ptr<Waiter> second;
  const auto delivered = wait_with_pause(ep, 8, 0, [&] {
    second = std::make_unique<Waiter>(backend_, ep.get(), 1, 0);
    wait_until("the second inside its call",
               [&] { return second->returned() || is_asleep(second->tid()); });
  });
  ASSERT_THAT(delivered, Events(Readable(0)));
  EXPECT_THAT(second->join(), SyscallSucceedsWithValue(1));
}

TEST_P(OrderDuringScanTest, EventDuringAScanWakesAnotherSleeper) {
  const unique_fd ep = backend_.instance();
  watch(ep, 2, EPOLLET);
  FaultGate gate;
  // The waiter that is woken first stops in its scan.
  epoll_event* first = gate.array_gated_at(0);
  epoll_event* second = first + 1;
  Waiter one(backend_, ep.get(), first, 1);
  Waiter other(backend_, ep.get(), second, 1);
  one.wait_until_asleep();
  other.wait_until_asleep();
  post_to({0});
  gate.wait_until_reached();
  post_to({1});
  gate.open();
  EXPECT_THAT(one.join(), SyscallSucceedsWithValue(1));
  EXPECT_THAT(other.join(), SyscallSucceedsWithValue(1));
  EXPECT_THAT((std::vector{*first, *second}),
              testing::UnorderedElementsAre(Readable(0), Readable(1)));
}

}  // namespace
}  // namespace xpoll::test
