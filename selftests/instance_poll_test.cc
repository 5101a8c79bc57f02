// SPDX-License-Identifier: GPL-2.0-only
// An instance as something that can be polled itself.
#include <poll.h>

#include "util/descriptors.h"
#include "util/each_backend.h"
#include "util/eventfd.h"
#include "util/matchers.h"
#include "util/sockets.h"
#include "util/waiter.h"
#include "util/watched.h"

namespace xpoll_test {
namespace {

constexpr short kReady = POLLIN | POLLRDNORM;

short pollNow(int epfd) {
  pollfd request{.fd = epfd, .events = static_cast<short>(~0), .revents = 0};
  checked(poll(&request, 1, 0), "poll");
  return request.revents;
}

class InstancePollTest : public EachBackend {};
XPOLL_FOR_EACH_BACKEND(InstancePollTest);

TEST_P(InstancePollTest, EmptyInstanceIsNotReady) {
  const Fd ep = backend_.instance();
  EXPECT_EQ(pollNow(ep.get()), 0);
}

TEST_P(InstancePollTest, InstanceWithAReadyItemIsInAndRdnorm) {
  const Fd ep = backend_.instance();
  const TcpPair pair = tcpPair();
  ASSERT_THAT(backend_.add(ep.get(), pair.server.get(), EPOLLOUT), SyscallSucceeds());
  EXPECT_EQ(pollNow(ep.get()), kReady);
}

TEST_P(InstancePollTest, QueuedItemThatIsNoLongerReadyDoesNotCount) {
  const Fd ep = backend_.instance();
  const Fd eventfd = makeEventfd();
  ASSERT_THAT(backend_.add(ep.get(), eventfd.get(), EPOLLIN), SyscallSucceeds());
  post(eventfd);
  take(eventfd);
  EXPECT_EQ(pollNow(ep.get()), 0);
}

TEST_P(InstancePollTest, QueuedItemThatIsNoLongerReadyIsDropped) {
  // It has lost its place in the order: a new wake queues it behind the other.
  const Fd ep = backend_.instance();
  const Fd first = makeEventfd();
  const Fd second = makeEventfd();
  ASSERT_THAT(backend_.add(ep.get(), first.get(), EPOLLIN | EPOLLET), SyscallSucceeds());
  ASSERT_THAT(backend_.add(ep.get(), second.get(), EPOLLIN | EPOLLET), SyscallSucceeds());
  post(first);
  take(first);
  ASSERT_EQ(pollNow(ep.get()), 0);
  post(second);
  post(first);
  EXPECT_THAT(backend_.ready(ep.get()),
              Events(Event(second.get(), EPOLLIN), Event(first.get(), EPOLLIN)));
}

TEST_P(InstancePollTest, StaleItemsBeforeAReadyOneAreDropped) {
  const Fd ep = backend_.instance();
  const Fd stale = makeEventfd();
  const Fd ready = makeEventfd();
  ASSERT_THAT(backend_.add(ep.get(), stale.get(), EPOLLIN | EPOLLET), SyscallSucceeds());
  ASSERT_THAT(backend_.add(ep.get(), ready.get(), EPOLLIN | EPOLLET), SyscallSucceeds());
  post(stale);
  post(ready);
  take(stale);
  EXPECT_EQ(pollNow(ep.get()), kReady);
  post(stale);
  EXPECT_THAT(backend_.ready(ep.get()),
              Events(Event(ready.get(), EPOLLIN), Event(stale.get(), EPOLLIN)));
}

TEST_P(InstancePollTest, ClosedItemDoesNotCount) {
  const Fd ep = backend_.instance();
  Fd eventfd = makeEventfd(1);
  ASSERT_THAT(backend_.add(ep.get(), eventfd.get(), EPOLLIN), SyscallSucceeds());
  ASSERT_EQ(pollNow(ep.get()), kReady);
  eventfd.reset();
  EXPECT_EQ(pollNow(ep.get()), 0);
}

TEST_P(InstancePollTest, PollTakesNoEventAway) {
  for (const std::uint32_t trigger : {0U, EPOLLET + 0U, EPOLLONESHOT + 0U}) {
    const Fd ep = backend_.instance();
    const Fd eventfd = makeEventfd(1);
    ASSERT_THAT(backend_.add(ep.get(), eventfd.get(), EPOLLIN | trigger), SyscallSucceeds());
    EXPECT_EQ(pollNow(ep.get()), kReady);
    EXPECT_EQ(pollNow(ep.get()), kReady);
    EXPECT_THAT(backend_.ready(ep.get()), Events(Event(eventfd.get(), EPOLLIN)))
        << "trigger " << trigger;
  }
}

TEST_P(InstancePollTest, TakenEdgeEventNoLongerCounts) {
  const Fd ep = backend_.instance();
  const Fd eventfd = makeEventfd(1);
  ASSERT_THAT(backend_.add(ep.get(), eventfd.get(), EPOLLIN | EPOLLET), SyscallSucceeds());
  ASSERT_THAT(backend_.ready(ep.get()), Events(Event(eventfd.get(), EPOLLIN)));
  EXPECT_EQ(pollNow(ep.get()), 0);
}

TEST_P(InstancePollTest, TakenLevelEventStillCounts) {
  const Fd ep = backend_.instance();
  const Fd eventfd = makeEventfd(1);
  ASSERT_THAT(backend_.add(ep.get(), eventfd.get(), EPOLLIN), SyscallSucceeds());
  ASSERT_THAT(backend_.ready(ep.get()), Events(Event(eventfd.get(), EPOLLIN)));
  EXPECT_EQ(pollNow(ep.get()), kReady);
}

TEST_P(InstancePollTest, ChainOfInstancesIsPolledToItsEnd) {
  const Fd eventfd = makeEventfd();
  const Fd bottom = backend_.instance();
  const Fd middle = backend_.instance();
  const Fd top = backend_.instance();
  ASSERT_THAT(backend_.add(bottom.get(), eventfd.get(), EPOLLIN), SyscallSucceeds());
  ASSERT_THAT(backend_.add(middle.get(), bottom.get(), EPOLLIN), SyscallSucceeds());
  ASSERT_THAT(backend_.add(top.get(), middle.get(), EPOLLIN), SyscallSucceeds());
  EXPECT_EQ(pollNow(top.get()), 0);
  post(eventfd);
  EXPECT_EQ(pollNow(top.get()), kReady);
  take(eventfd);
  EXPECT_EQ(pollNow(top.get()), 0);
}

// An instance of xpoll is a file like any other to native epoll.
class NativeWatchesXpollTest : public XpollOnly {
 protected:
  const Backend native_ = Backend::native();
};

TEST_F(NativeWatchesXpollTest, ReportsItsReadiness) {
  const Fd outer = native_.instance();
  const Fd inner = backend_.instance();
  const TcpPair pair = tcpPair();
  ASSERT_THAT(backend_.add(inner.get(), pair.server.get(), EPOLLIN), SyscallSucceeds());
  ASSERT_THAT(native_.add(outer.get(), inner.get(), EPOLLIN), SyscallSucceeds());
  EXPECT_THAT(native_.ready(outer.get()), NoEvents());
  Waiter waiter(native_, outer.get());
  waiter.waitUntilAsleep();
  writeAll(pair.client, "x");
  EXPECT_THAT(waiter.join(), SyscallSucceedsWithValue(1));
  EXPECT_THAT(waiter.events(), Events(Event(inner.get(), EPOLLIN)));
  drain(pair.server);
  EXPECT_THAT(native_.ready(outer.get()), NoEvents());
}

TEST_F(NativeWatchesXpollTest, ForgetsItAtItsLastClose) {
  const Fd outer = native_.instance();
  Fd inner = backend_.instance();
  const Fd eventfd = makeEventfd(1);
  ASSERT_THAT(backend_.add(inner.get(), eventfd.get(), EPOLLIN), SyscallSucceeds());
  ASSERT_THAT(native_.add(outer.get(), inner.get(), EPOLLIN), SyscallSucceeds());
  inner.reset();
  EXPECT_THAT(native_.ready(outer.get()), NoEvents());
  EXPECT_THAT(watchesOf(outer.get()), testing::IsEmpty());
}

TEST_F(NativeWatchesXpollTest, AndTheSameFileBesideIt) {
  const Fd native = native_.instance();
  const Fd xpoll = backend_.instance();
  TcpPair pair = tcpPair();
  ASSERT_THAT(native_.add(native.get(), pair.server.get(), EPOLLIN), SyscallSucceeds());
  ASSERT_THAT(backend_.add(xpoll.get(), pair.server.get(), EPOLLIN), SyscallSucceeds());
  writeAll(pair.client, "x");
  EXPECT_THAT(native_.ready(native.get(), -1), Events(Event(pair.server.get(), EPOLLIN)));
  EXPECT_THAT(backend_.ready(xpoll.get(), -1), Events(Event(pair.server.get(), EPOLLIN)));
  pair.server.reset();
  EXPECT_THAT(watchesOf(native.get()), testing::IsEmpty());
  EXPECT_THAT(watchesOf(xpoll.get()), testing::IsEmpty());
}

}  // namespace
}  // namespace xpoll_test
