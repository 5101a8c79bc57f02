// SPDX-License-Identifier: GPL-2.0-only
// A watch ends by itself with the last descriptor of its file, and does not hold the file open
// until then. Here the process closes the descriptor itself.
#include <fcntl.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <functional>
#include <latch>
#include <string>
#include <vector>

#include "util/descriptors.h"
#include "util/each_backend.h"
#include "util/eventfd.h"
#include "util/fault_gate.h"
#include "util/matchers.h"
#include "util/sleep_watch.h"
#include "util/sockets.h"
#include "util/tcp_state.h"
#include "util/thread.h"
#include "util/wait_until.h"
#include "util/waiter.h"
#include "util/watched.h"

namespace xpoll_test {
namespace {

// Takes the last descriptor of a file away; afterwards the number may be closed or in other use.
using LastClose = std::function<void(Fd&)>;

void closeRange(Fd& fd, unsigned int flags) {
  const auto number = static_cast<unsigned int>(fd.get());
  checked(static_cast<int>(syscall(SYS_close_range, number, number, flags)), "close_range");
  fd.release();
}

class LifetimeCloseTest : public EachBackend {
 protected:
  // The kernel closes before the call returns to us, so there is nothing to wait for but the FIN's
  // way.
  void expectWatchEnds(const LastClose& last_close) {
    expectTcpWatchEnds(last_close);
    expectPipeWatchEnds(last_close);
    expectReadyWatchEnds(last_close);
  }

 private:
  void expectTcpWatchEnds(const LastClose& last_close) {
    const Fd ep = backend_.instance();
    TcpPair pair = tcpPair();
    ASSERT_THAT(backend_.add(ep.get(), pair.server.get(), EPOLLIN | EPOLLRDHUP), SyscallSucceeds());
    last_close(pair.server);
    EXPECT_THAT(watchesOf(ep.get()), testing::IsEmpty());
    waitUntilFin(pair.client);
    EXPECT_THAT(backend_.ready(ep.get()), NoEvents());
  }

  void expectPipeWatchEnds(const LastClose& last_close) {
    const Fd ep = backend_.instance();
    Pipe pipe = makePipe();
    ASSERT_THAT(backend_.add(ep.get(), pipe.writer.get(), EPOLLERR), SyscallSucceeds());
    last_close(pipe.writer);
    EXPECT_THAT(watchesOf(ep.get()), testing::IsEmpty());
    char byte;
    EXPECT_THAT(read(pipe.reader.get(), &byte, 1), SyscallSucceedsWithValue(0));
  }

  void expectReadyWatchEnds(const LastClose& last_close) {
    const Fd ep = backend_.instance();
    Fd eventfd = makeEventfd(1);
    ASSERT_THAT(backend_.add(ep.get(), eventfd.get(), EPOLLIN), SyscallSucceeds());
    ASSERT_THAT(backend_.ready(ep.get()), Events(Event(eventfd.get(), EPOLLIN)));
    last_close(eventfd);
    EXPECT_THAT(backend_.ready(ep.get()), NoEvents());
    EXPECT_THAT(watchesOf(ep.get()), testing::IsEmpty());
  }
};
XPOLL_FOR_EACH_BACKEND(LifetimeCloseTest);

TEST_P(LifetimeCloseTest, ByClose) {
  expectWatchEnds([](Fd& fd) { checked(fd.close(), "close"); });
}

TEST_P(LifetimeCloseTest, ByDup2OverIt) {
  const Fd other = makeEventfd();
  expectWatchEnds([&](Fd& fd) { checked(dup2(other.get(), fd.get()), "dup2"); });
}

TEST_P(LifetimeCloseTest, ByDup3OverIt) {
  const Fd other = makeEventfd();
  expectWatchEnds([&](Fd& fd) { checked(dup3(other.get(), fd.get(), O_CLOEXEC), "dup3"); });
}

TEST_P(LifetimeCloseTest, ByCloseRange) {
  expectWatchEnds([](Fd& fd) { closeRange(fd, 0); });
}

TEST_P(LifetimeCloseTest, ByTheCloseOfTheLastOfSeveralDups) {
  expectWatchEnds([](Fd& fd) {
    Fd dup = fd.dup();
    Fd again = dup.dup();
    fd.reset();
    dup.reset();
    checked(again.close(), "close");
  });
}

TEST_P(LifetimeCloseTest, ByTheEndOfAThreadWithADescriptorTableOfItsOwn) {
  expectWatchEnds([](Fd& fd) {
    std::latch copied(1);
    std::latch ours_closed(1);
    Thread thread([&] {
      checked(unshare(CLONE_FILES), "unshare");
      copied.count_down();
      ours_closed.wait();
    });
    copied.wait();
    fd.reset();
    ours_closed.count_down();
    thread.join();
    // A thread can be joined before it has closed its descriptors.
    const std::string task = "/proc/self/task/" + std::to_string(thread.tid());
    waitUntil("the thread gone", [&] { return access(task.c_str(), F_OK) < 0; });
  });
}

TEST_P(LifetimeCloseTest, ReusedNumberCanBeAdded) {
  const Fd ep = backend_.instance();
  Fd first = makeEventfd(1);
  const int number = first.get();
  ASSERT_THAT(backend_.add(ep.get(), number, EPOLLIN, 1), SyscallSucceeds());
  first.reset();
  const Fd second = makeEventfd(1);
  ASSERT_EQ(second.get(), number);
  EXPECT_THAT(backend_.mod(ep.get(), number, EPOLLIN), SyscallFailsWithErrno(ENOENT));
  EXPECT_THAT(backend_.add(ep.get(), number, EPOLLIN, 2), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(ep.get()), Events(Event(2, EPOLLIN)));
}

TEST_P(LifetimeCloseTest, OtherWatchesOfTheInstanceStay) {
  const Fd ep = backend_.instance();
  const Fd stays = makeEventfd(1);
  Fd goes = makeEventfd(1);
  ASSERT_THAT(backend_.add(ep.get(), goes.get(), EPOLLIN), SyscallSucceeds());
  ASSERT_THAT(backend_.add(ep.get(), stays.get(), EPOLLIN), SyscallSucceeds());
  goes.reset();
  EXPECT_THAT(backend_.ready(ep.get()), Events(Event(stays.get(), EPOLLIN)));
  EXPECT_EQ(watchesOf(ep.get()).size(), 1U);
}

TEST_P(LifetimeCloseTest, WatchesOfSeveralInstancesEndTogether) {
  std::vector<Fd> instances;
  TcpPair pair = tcpPair();
  for (int i = 0; i < 10; ++i) {
    instances.push_back(backend_.instance());
    ASSERT_THAT(backend_.add(instances.back().get(), pair.server.get(), EPOLLOUT),
                SyscallSucceeds());
  }
  pair.server.reset();
  for (const Fd& ep : instances) EXPECT_THAT(watchesOf(ep.get()), testing::IsEmpty());
  waitUntilFin(pair.client);
}

TEST_P(LifetimeCloseTest, LastCloseDoesNotWakeAWaiter) {
  const Fd ep = backend_.instance();
  const Fd other = makeEventfd();
  Fd watched = makeEventfd();
  ASSERT_THAT(backend_.add(ep.get(), watched.get(), EPOLLIN), SyscallSucceeds());
  ASSERT_THAT(backend_.add(ep.get(), other.get(), EPOLLIN), SyscallSucceeds());
  Waiter waiter(backend_, ep.get());
  const SleepWatch sleep(waiter.tid());
  watched.reset();
  EXPECT_TRUE(sleep.undisturbed());
  post(other);
  EXPECT_THAT(waiter.join(), SyscallSucceedsWithValue(1));
  EXPECT_THAT(waiter.events(), Events(Event(other.get(), EPOLLIN)));
}

TEST_P(LifetimeCloseTest, ClosingTheInstanceLeavesTheFileAlone) {
  Fd ep = backend_.instance();
  const TcpPair pair = tcpPair();
  ASSERT_THAT(backend_.add(ep.get(), pair.server.get(), EPOLLIN), SyscallSucceeds());
  ep.reset();
  writeAll(pair.client, "still there");
  const Fd next = backend_.instance();
  ASSERT_THAT(backend_.add(next.get(), pair.server.get(), EPOLLIN), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(next.get(), -1), Events(Event(pair.server.get(), EPOLLIN)));
}

TEST_P(LifetimeCloseTest, LastCloseDuringAScanWaitsForItAndLeavesNothing) {
  if (!FaultGate::available()) GTEST_SKIP() << "userfaultfd is not permitted";
  const Fd ep = backend_.instance();
  const Fd first = makeEventfd(1);
  Fd second = makeEventfd(1);
  ASSERT_THAT(backend_.add(ep.get(), first.get(), EPOLLIN), SyscallSucceeds());
  ASSERT_THAT(backend_.add(ep.get(), second.get(), EPOLLIN), SyscallSucceeds());
  FaultGate gate;
  epoll_event* events = gate.arrayGatedAt(0);
  Waiter waiter(backend_, ep.get(), events, 2);
  gate.waitUntilReached();
  Thread closer([&] { second.reset(); });
  waitUntil("the close waits for the scan", [&] { return isAsleep(closer.tid()); });
  gate.open();
  closer.join();
  // A file without a descriptor counts as not ready.
  EXPECT_THAT(waiter.join(), SyscallSucceedsWithValue(1));
  EXPECT_THAT(events[0], Event(first.get(), EPOLLIN));
  EXPECT_EQ(watchesOf(ep.get()).size(), 1U);
}

}  // namespace
}  // namespace xpoll_test
