// SPDX-License-Identifier: GPL-2.0-only
// Descriptors in flight over a UNIX socket keep their files open. Destroying the queue is then the
// last close.
#include "tools/util/descriptors.h"
#include "tools/util/sockets.h"
#include "tools/util/wait_until.h"
#include "util/each_backend.h"
#include "util/fd_passing.h"
#include "util/matchers.h"
#include "util/tcp_state.h"
#include "util/watched.h"

namespace xpoll::test {
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

  // Afterwards only the socket's queue holds the watched file.
  void move_into_queue_of(const unique_fd& sender) {
    send_fd(sender, number_);
    pair_.server.reset();
  }

  void expect_still_watched() {
    write_all(pair_.client, "x");
    EXPECT_THAT(backend_.ready(ep_.get(), -1), Events(Event(number_, EPOLLIN)));
    EXPECT_EQ(tcp_state(pair_.client), TCP_ESTABLISHED);
  }

  unique_fd ep_;
  TcpPair pair_ = tcp_pair();
  int number_ = -1;
};
XPOLL_FOR_EACH_BACKEND(LifetimeScmTest);

TEST_P(LifetimeScmTest, DestructionOfTheQueueEndsTheWatch) {
  auto [left, right] = unix_pair();
  move_into_queue_of(left);
  EXPECT_EQ(watch_count(ep_.get()), 1U);
  left.reset();
  right.reset();
  wait_until_nothing_watched(ep_.get());
  wait_until_fin(pair_.client);
}

TEST_P(LifetimeScmTest, DescriptorInTheQueueKeepsTheWatch) {
  auto [left, right] = unix_pair();
  move_into_queue_of(left);
  expect_still_watched();
}

TEST_P(LifetimeScmTest, ReceivedDescriptorKeepsTheWatchUnderItsOldNumber) {
  auto [left, right] = unix_pair();
  move_into_queue_of(left);
  const unique_fd keep_number = make_eventfd();
  unique_fd received = recv_fd(right);
  ASSERT_NE(received.get(), number_);
  expect_still_watched();
  EXPECT_THAT(backend_.del(ep_.get(), received.get()), SyscallFailsWithErrno(ENOENT));
  drain(received);
  received.reset();
  EXPECT_THAT(watches_of(ep_.get()), testing::IsEmpty());
  wait_until_fin(pair_.client);
}

TEST_P(LifetimeScmTest, GarbageCollectionOfACycleEndsTheWatch) {
  auto [left, right] = unix_pair();
  // The queue of the right end holds that end itself and the watched socket.
  send_fd(left, right.get());
  move_into_queue_of(left);
  left.reset();
  right.reset();
  wait_until("the cycle collected", [this] {
    // Closing a UNIX socket starts the collector.
    unix_pair();
    return watches_of(ep_.get()).empty();
  });
  wait_until_fin(pair_.client);
}

TEST_P(LifetimeScmTest, GarbageCollectionOfACycleOfTwoSocketsEndsTheWatch) {
  auto [left, right] = unix_pair();
  auto [up, down] = unix_pair();
  send_fd(left, down.get());
  send_fd(up, right.get());
  move_into_queue_of(up);
  for (unique_fd* end : {&left, &right, &up, &down}) end->reset();
  wait_until("the cycle collected", [this] {
    unix_pair();
    return watches_of(ep_.get()).empty();
  });
  wait_until_fin(pair_.client);
}

TEST_P(LifetimeScmTest, InstanceInAQueueEndsWithIt) {
  auto [left, right] = unix_pair();
  const unique_fd outer = backend_.instance();
  ASSERT_THAT(backend_.add(outer.get(), ep_.get(), EPOLLIN), SyscallSucceeds());
  send_fd(left, ep_.get());
  ep_.reset();
  EXPECT_EQ(watch_count(outer.get()), 1U);
  left.reset();
  right.reset();
  wait_until_nothing_watched(outer.get());
  // The instance is gone and the file is intact: another instance can watch it.
  const unique_fd next = backend_.instance();
  ASSERT_THAT(backend_.add(next.get(), number_, EPOLLIN), SyscallSucceeds());
  write_all(pair_.client, "x");
  EXPECT_THAT(backend_.ready(next.get(), -1), Events(Event(number_, EPOLLIN)));
}

TEST_P(LifetimeScmTest, UnixSocketThatIsWatchedAndInItsOwnCycleIsCollected) {
  auto [left, right] = unix_pair();
  const unique_fd ep = backend_.instance();
  ASSERT_THAT(backend_.add(ep.get(), right.get(), EPOLLIN), SyscallSucceeds());
  send_fd(left, right.get());
  left.reset();
  right.reset();
  wait_until("the cycle collected", [&] {
    unix_pair();
    return watches_of(ep.get()).empty();
  });
}

}  // namespace
}  // namespace xpoll::test
