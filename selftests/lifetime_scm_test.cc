// SPDX-License-Identifier: GPL-2.0-only
// Descriptors in flight over a UNIX socket hold their files open; destruction of the queue is then
// the last close.
#include "util/descriptors.h"
#include "util/each_backend.h"
#include "util/fd_passing.h"
#include "util/matchers.h"
#include "util/sockets.h"
#include "util/tcp_state.h"
#include "util/wait_until.h"
#include "util/watched.h"

namespace xpoll_test {
namespace {

class LifetimeScmTest : public EachBackend {
 protected:
  void SetUp() override {
    EachBackend::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    ep_ = backend_.instance();
    number_ = pair_.server.get();
    ASSERT_THAT(backend_.add(ep_.get(), number_, EPOLLIN | EPOLLET), SyscallSucceeds());
  }

  // From here on only the socket's queue holds the watched file.
  void moveIntoQueueOf(const Fd& sender) {
    sendFd(sender, number_);
    pair_.server.reset();
  }

  void expectStillWatched() {
    writeAll(pair_.client, "x");
    EXPECT_THAT(backend_.ready(ep_.get(), -1), Events(Event(number_, EPOLLIN)));
    EXPECT_EQ(tcpState(pair_.client), TCP_ESTABLISHED);
  }

  Fd ep_;
  TcpPair pair_ = tcpPair();
  int number_ = -1;
};
XPOLL_FOR_EACH_BACKEND(LifetimeScmTest);

TEST_P(LifetimeScmTest, DestructionOfTheQueueEndsTheWatch) {
  auto [left, right] = unixPair();
  moveIntoQueueOf(left);
  EXPECT_EQ(watchesOf(ep_.get()).size(), 1U);
  left.reset();
  right.reset();
  waitUntilNothingWatched(ep_.get());
  waitUntilFin(pair_.client);
}

TEST_P(LifetimeScmTest, DescriptorInTheQueueKeepsTheWatch) {
  auto [left, right] = unixPair();
  moveIntoQueueOf(left);
  expectStillWatched();
}

TEST_P(LifetimeScmTest, ReceivedDescriptorKeepsTheWatchUnderItsOldNumber) {
  auto [left, right] = unixPair();
  moveIntoQueueOf(left);
  const Fd keep_number = makeEventfd();
  Fd received = recvFd(right);
  ASSERT_NE(received.get(), number_);
  expectStillWatched();
  EXPECT_THAT(backend_.del(ep_.get(), received.get()), SyscallFailsWithErrno(ENOENT));
  drain(received);
  received.reset();
  EXPECT_THAT(watchesOf(ep_.get()), testing::IsEmpty());
  waitUntilFin(pair_.client);
}

TEST_P(LifetimeScmTest, GarbageCollectionOfACycleEndsTheWatch) {
  auto [left, right] = unixPair();
  // The queue of the right end holds that end itself and the watched socket.
  sendFd(left, right.get());
  moveIntoQueueOf(left);
  left.reset();
  right.reset();
  waitUntil("the cycle collected", [this] {
    // The close of any UNIX socket starts the collector.
    unixPair();
    return watchesOf(ep_.get()).empty();
  });
  waitUntilFin(pair_.client);
}

TEST_P(LifetimeScmTest, GarbageCollectionOfACycleOfTwoSocketsEndsTheWatch) {
  auto [left, right] = unixPair();
  auto [up, down] = unixPair();
  sendFd(left, down.get());
  sendFd(up, right.get());
  moveIntoQueueOf(up);
  for (Fd* end : {&left, &right, &up, &down}) end->reset();
  waitUntil("the cycle collected", [this] {
    unixPair();
    return watchesOf(ep_.get()).empty();
  });
  waitUntilFin(pair_.client);
}

TEST_P(LifetimeScmTest, InstanceInAQueueEndsWithIt) {
  auto [left, right] = unixPair();
  const Fd outer = backend_.instance();
  ASSERT_THAT(backend_.add(outer.get(), ep_.get(), EPOLLIN), SyscallSucceeds());
  sendFd(left, ep_.get());
  ep_.reset();
  EXPECT_EQ(watchesOf(outer.get()).size(), 1U);
  left.reset();
  right.reset();
  waitUntilNothingWatched(outer.get());
  // The instance is gone and the file is whole: another may watch it.
  const Fd next = backend_.instance();
  ASSERT_THAT(backend_.add(next.get(), number_, EPOLLIN), SyscallSucceeds());
  writeAll(pair_.client, "x");
  EXPECT_THAT(backend_.ready(next.get(), -1), Events(Event(number_, EPOLLIN)));
}

TEST_P(LifetimeScmTest, UnixSocketThatIsWatchedAndInItsOwnCycleIsCollected) {
  auto [left, right] = unixPair();
  const Fd ep = backend_.instance();
  ASSERT_THAT(backend_.add(ep.get(), right.get(), EPOLLIN), SyscallSucceeds());
  sendFd(left, right.get());
  left.reset();
  right.reset();
  waitUntil("the cycle collected", [&] {
    unixPair();
    return watchesOf(ep.get()).empty();
  });
}

}  // namespace
}  // namespace xpoll_test
