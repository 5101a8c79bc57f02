// SPDX-License-Identifier: GPL-2.0-only
// An instance that is polled itself.
#include <poll.h>

#include "tools/util/descriptors.h"
#include "tools/util/eventfd.h"
#include "tools/util/sockets.h"
#include "util/each_backend.h"
#include "util/matchers.h"
#include "util/waiter.h"
#include "util/watched.h"

namespace xpoll::test {
namespace {

constexpr short kReady = POLLIN | POLLRDNORM;

short poll_now(int epfd) {
  pollfd request{.fd = epfd, .events = static_cast<short>(~0), .revents = 0};
  checked(poll(&request, 1, 0), "poll");
  return request.revents;
}

class InstancePollTest : public EachBackend {};
XPOLL_FOR_EACH_BACKEND(InstancePollTest);

TEST_P(InstancePollTest, EmptyInstanceIsNotReady) {
  const unique_fd ep = backend_.instance();
  EXPECT_EQ(poll_now(ep.get()), 0);
}

TEST_P(InstancePollTest, InstanceWithAReadyItemIsInAndRdnorm) {
  const unique_fd ep = backend_.instance();
  const TcpPair pair = tcp_pair();
  ASSERT_THAT(backend_.add(ep.get(), pair.server.get(), EPOLLOUT), SyscallSucceeds());
  EXPECT_EQ(poll_now(ep.get()), kReady);
}

TEST_P(InstancePollTest, QueuedItemThatIsNoLongerReadyDoesNotCount) {
  const unique_fd ep = backend_.instance();
  const unique_fd eventfd = make_eventfd();
  ASSERT_THAT(backend_.add(ep.get(), eventfd.get(), EPOLLIN), SyscallSucceeds());
  post(eventfd);
  take(eventfd);
  EXPECT_EQ(poll_now(ep.get()), 0);
}

TEST_P(InstancePollTest, QueuedItemThatIsNoLongerReadyIsDropped) {
  // The item has lost its place in the order: a new wake-up queues it behind the other one.
  const unique_fd ep = backend_.instance();
  const unique_fd first = make_eventfd();
  const unique_fd second = make_eventfd();
  ASSERT_THAT(backend_.add(ep.get(), first.get(), EPOLLIN | EPOLLET), SyscallSucceeds());
  ASSERT_THAT(backend_.add(ep.get(), second.get(), EPOLLIN | EPOLLET), SyscallSucceeds());
  post(first);
  take(first);
  ASSERT_EQ(poll_now(ep.get()), 0);
  post(second);
  post(first);
  EXPECT_THAT(backend_.ready(ep.get()),
              Events(Event(second.get(), EPOLLIN), Event(first.get(), EPOLLIN)));
}

TEST_P(InstancePollTest, StaleItemsBeforeAReadyOneAreDropped) {
  const unique_fd ep = backend_.instance();
  const unique_fd stale = make_eventfd();
  const unique_fd ready = make_eventfd();
  ASSERT_THAT(backend_.add(ep.get(), stale.get(), EPOLLIN | EPOLLET), SyscallSucceeds());
  ASSERT_THAT(backend_.add(ep.get(), ready.get(), EPOLLIN | EPOLLET), SyscallSucceeds());
  post(stale);
  post(ready);
  take(stale);
  EXPECT_EQ(poll_now(ep.get()), kReady);
  post(stale);
  EXPECT_THAT(backend_.ready(ep.get()),
              Events(Event(ready.get(), EPOLLIN), Event(stale.get(), EPOLLIN)));
}

TEST_P(InstancePollTest, ClosedItemDoesNotCount) {
  const unique_fd ep = backend_.instance();
  unique_fd eventfd = make_eventfd(1);
  ASSERT_THAT(backend_.add(ep.get(), eventfd.get(), EPOLLIN), SyscallSucceeds());
  ASSERT_EQ(poll_now(ep.get()), kReady);
  eventfd.reset();
  EXPECT_EQ(poll_now(ep.get()), 0);
}

TEST_P(InstancePollTest, PollTakesNoEventAway) {
  for (const std::uint32_t trigger : {0U, EPOLLET + 0U, EPOLLONESHOT + 0U}) {
    const unique_fd ep = backend_.instance();
    const unique_fd eventfd = make_eventfd(1);
    ASSERT_THAT(backend_.add(ep.get(), eventfd.get(), EPOLLIN | trigger), SyscallSucceeds());
    EXPECT_EQ(poll_now(ep.get()), kReady);
    EXPECT_EQ(poll_now(ep.get()), kReady);
    EXPECT_THAT(backend_.ready(ep.get()), Events(Event(eventfd.get(), EPOLLIN)))
        << "trigger " << trigger;
  }
}

TEST_P(InstancePollTest, TakenEdgeEventNoLongerCounts) {
  const unique_fd ep = backend_.instance();
  const unique_fd eventfd = make_eventfd(1);
  ASSERT_THAT(backend_.add(ep.get(), eventfd.get(), EPOLLIN | EPOLLET), SyscallSucceeds());
  ASSERT_THAT(backend_.ready(ep.get()), Events(Event(eventfd.get(), EPOLLIN)));
  EXPECT_EQ(poll_now(ep.get()), 0);
}

TEST_P(InstancePollTest, TakenLevelEventStillCounts) {
  const unique_fd ep = backend_.instance();
  const unique_fd eventfd = make_eventfd(1);
  ASSERT_THAT(backend_.add(ep.get(), eventfd.get(), EPOLLIN), SyscallSucceeds());
  ASSERT_THAT(backend_.ready(ep.get()), Events(Event(eventfd.get(), EPOLLIN)));
  EXPECT_EQ(poll_now(ep.get()), kReady);
}

TEST_P(InstancePollTest, ChainOfInstancesIsPolledToItsEnd) {
  const unique_fd eventfd = make_eventfd();
  const unique_fd bottom = backend_.instance();
  const unique_fd middle = backend_.instance();
  const unique_fd top = backend_.instance();
  ASSERT_THAT(backend_.add(bottom.get(), eventfd.get(), EPOLLIN), SyscallSucceeds());
  ASSERT_THAT(backend_.add(middle.get(), bottom.get(), EPOLLIN), SyscallSucceeds());
  ASSERT_THAT(backend_.add(top.get(), middle.get(), EPOLLIN), SyscallSucceeds());
  EXPECT_EQ(poll_now(top.get()), 0);
  post(eventfd);
  EXPECT_EQ(poll_now(top.get()), kReady);
  take(eventfd);
  EXPECT_EQ(poll_now(top.get()), 0);
}

// To native epoll, an xpoll instance is a file like any other.
class NativeWatchesXpollTest : public XpollOnly {
 protected:
  const Backend native_ = Backend::native();
};

TEST_F(NativeWatchesXpollTest, ReportsItsReadiness) {
  const unique_fd outer = native_.instance();
  const unique_fd inner = backend_.instance();
  const TcpPair pair = tcp_pair();
  ASSERT_THAT(backend_.add(inner.get(), pair.server.get(), EPOLLIN), SyscallSucceeds());
  ASSERT_THAT(native_.add(outer.get(), inner.get(), EPOLLIN), SyscallSucceeds());
  EXPECT_THAT(native_.ready(outer.get()), NoEvents());
  Waiter waiter(native_, outer.get());
  waiter.wait_until_asleep();
  write_all(pair.client, "x");
  EXPECT_THAT(waiter.join(), SyscallSucceedsWithValue(1));
  EXPECT_THAT(waiter.events(), Events(Event(inner.get(), EPOLLIN)));
  drain(pair.server);
  EXPECT_THAT(native_.ready(outer.get()), NoEvents());
}

TEST_F(NativeWatchesXpollTest, ForgetsItAtItsLastClose) {
  const unique_fd outer = native_.instance();
  unique_fd inner = backend_.instance();
  const unique_fd eventfd = make_eventfd(1);
  ASSERT_THAT(backend_.add(inner.get(), eventfd.get(), EPOLLIN), SyscallSucceeds());
  ASSERT_THAT(native_.add(outer.get(), inner.get(), EPOLLIN), SyscallSucceeds());
  inner.reset();
  EXPECT_THAT(native_.ready(outer.get()), NoEvents());
  EXPECT_THAT(watches_of(outer.get()), testing::IsEmpty());
}

TEST_F(NativeWatchesXpollTest, AndTheSameFileBesideIt) {
  const unique_fd native = native_.instance();
  const unique_fd xpoll = backend_.instance();
  TcpPair pair = tcp_pair();
  ASSERT_THAT(native_.add(native.get(), pair.server.get(), EPOLLIN), SyscallSucceeds());
  ASSERT_THAT(backend_.add(xpoll.get(), pair.server.get(), EPOLLIN), SyscallSucceeds());
  write_all(pair.client, "x");
  EXPECT_THAT(native_.ready(native.get(), -1), Events(Event(pair.server.get(), EPOLLIN)));
  EXPECT_THAT(backend_.ready(xpoll.get(), -1), Events(Event(pair.server.get(), EPOLLIN)));
  pair.server.reset();
  EXPECT_THAT(watches_of(native.get()), testing::IsEmpty());
  EXPECT_THAT(watches_of(xpoll.get()), testing::IsEmpty());
}

}  // namespace
}  // namespace xpoll::test
