// SPDX-License-Identifier: GPL-2.0-only
// An instance that several processes share is one interest list. A waiter keeps its instance alive.
#include <unistd.h>

#include <utility>

#include "tools/util/descriptors.h"
#include "tools/util/eventfd.h"
#include "tools/util/sockets.h"
#include "tools/util/wait_until.h"
#include "util/each_backend.h"
#include "util/fd_passing.h"
#include "util/matchers.h"
#include "util/process.h"
#include "util/sleep_watch.h"
#include "util/waiter.h"
#include "util/watched.h"

namespace xpoll::test {
namespace {

class LifetimeSharingTest : public EachBackend {};
XPOLL_FOR_EACH_BACKEND(LifetimeSharingTest);

TEST_P(LifetimeSharingTest, AddInTheChildIsSeenByTheParent) {
  const unique_fd ep = backend_.instance();
  const unique_fd eventfd = make_eventfd(1);
  Process child([&] { return backend_.add(ep.get(), eventfd.get(), EPOLLIN); });
  ASSERT_THAT(child.join(), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(ep.get()), Events(Event(eventfd.get(), EPOLLIN)));
  EXPECT_THAT(backend_.add(ep.get(), eventfd.get(), EPOLLIN), SyscallFailsWithErrno(EEXIST));
}

TEST_P(LifetimeSharingTest, DelInTheChildIsSeenByTheParent) {
  const unique_fd ep = backend_.instance();
  const unique_fd eventfd = make_eventfd(1);
  ASSERT_THAT(backend_.add(ep.get(), eventfd.get(), EPOLLIN), SyscallSucceeds());
  Process child([&] { return backend_.del(ep.get(), eventfd.get()); });
  ASSERT_THAT(child.join(), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(ep.get()), NoEvents());
}

TEST_P(LifetimeSharingTest, OneEdgeEventGoesToOneOfTheProcesses) {
  const unique_fd ep = backend_.instance();
  const unique_fd eventfd = make_eventfd(1);
  ASSERT_THAT(backend_.add(ep.get(), eventfd.get(), EPOLLIN | EPOLLET), SyscallSucceeds());
  Process child([&] {
    epoll_event event;
    return backend_.wait(ep.get(), &event, 1, 0);
  });
  EXPECT_THAT(child.join(), SyscallSucceedsWithValue(1));
  EXPECT_THAT(backend_.ready(ep.get()), NoEvents());
}

TEST_P(LifetimeSharingTest, EventInTheParentWakesTheChild) {
  const unique_fd ep = backend_.instance();
  const unique_fd eventfd = make_eventfd();
  ASSERT_THAT(backend_.add(ep.get(), eventfd.get(), EPOLLIN), SyscallSucceeds());
  Process child([&] {
    epoll_event event;
    return backend_.wait(ep.get(), &event, 1, -1);
  });
  child.wait_until_asleep_in_wait();
  post(eventfd);
  EXPECT_THAT(child.join(), SyscallSucceedsWithValue(1));
}

TEST_P(LifetimeSharingTest, CloseInTheChildLeavesTheInstance) {
  const unique_fd ep = backend_.instance();
  const unique_fd eventfd = make_eventfd(1);
  ASSERT_THAT(backend_.add(ep.get(), eventfd.get(), EPOLLIN), SyscallSucceeds());
  Process child([&] { return close(eventfd.get()) + close(ep.get()); });
  ASSERT_THAT(child.join(), SyscallSucceedsWithValue(0));
  EXPECT_THAT(backend_.ready(ep.get()), Events(Event(eventfd.get(), EPOLLIN)));
}

TEST_P(LifetimeSharingTest, CloseInTheParentLeavesTheWatchWhileTheChildHoldsTheFile) {
  const unique_fd ep = backend_.instance();
  Pipe pipe = make_pipe();
  const int number = pipe.reader.get();
  ASSERT_THAT(backend_.add(ep.get(), number, EPOLLIN), SyscallSucceeds());
  Process child([] { return pause(); });
  pipe.reader.reset();
  write_all(pipe.writer, "x");
  EXPECT_THAT(backend_.ready(ep.get()), Events(Event(number, EPOLLIN)));
  child.kill_and_reap();
  wait_until_nothing_watched(ep.get());
}

TEST_P(LifetimeSharingTest, InstancePassedToAnotherProcessIsTheSameSet) {
  const unique_fd ep = backend_.instance();
  const unique_fd eventfd = make_eventfd(1);
  const std::pair<unique_fd, unique_fd> sockets = unix_pair();
  const std::uint64_t data = 4711;
  send_fd(sockets.first, ep.get());
  Process child([&] {
    const unique_fd received = recv_fd(sockets.second);
    return backend_.add(received.get(), eventfd.get(), EPOLLIN, data);
  });
  ASSERT_THAT(child.join(), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(ep.get()), Events(Event(data, EPOLLIN)));
}

TEST_P(LifetimeSharingTest, DupOfAnInstanceIsTheSameSet) {
  const unique_fd ep = backend_.instance();
  const unique_fd dup = duplicate(ep);
  const unique_fd eventfd = make_eventfd(1);
  ASSERT_THAT(backend_.add(dup.get(), eventfd.get(), EPOLLIN), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(ep.get()), Events(Event(eventfd.get(), EPOLLIN)));
}

TEST_P(LifetimeSharingTest, ClosingAnInstanceDoesNotWakeItsWaiter) {
  unique_fd ep = backend_.instance();
  const TcpPair pair = tcp_pair();
  ASSERT_THAT(backend_.add(ep.get(), pair.server.get(), EPOLLIN), SyscallSucceeds());
  Waiter waiter(backend_, ep.get());
  const SleepWatch sleep(waiter.tid());
  ep.reset();
  EXPECT_TRUE(sleep.undisturbed());
  // The instance lives as long as a task waits on it.
  write_all(pair.client, "x");
  EXPECT_THAT(waiter.join(), SyscallSucceedsWithValue(1));
  EXPECT_THAT(waiter.events(), Events(Event(pair.server.get(), EPOLLIN)));
}

}  // namespace
}  // namespace xpoll::test
