// SPDX-License-Identifier: GPL-2.0-only
// A watch ends with the last descriptor of its file, and does not keep the file open. In these
// tests the process itself closes the descriptor.
#include <fcntl.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <functional>
#include <latch>
#include <string>
#include <vector>

#include "tools/util/descriptors.h"
#include "tools/util/eventfd.h"
#include "tools/util/sockets.h"
#include "tools/util/wait_until.h"
#include "util/each_backend.h"
#include "util/fault_gate.h"
#include "util/matchers.h"
#include "util/requires.h"
#include "util/sleep_watch.h"
#include "util/tcp_state.h"
#include "util/thread.h"
#include "util/waiter.h"
#include "util/watched.h"

namespace xpoll::test {
namespace {

// Removes the last descriptor of a file. Afterwards the number may be closed or reused.
using LastClose = std::function<void(unique_fd&)>;

void close_range(unique_fd& fd, unsigned int flags) {
  const auto number = static_cast<unsigned int>(fd.get());
  checked(static_cast<int>(syscall(SYS_close_range, number, number, flags)), "close_range");
  static_cast<void>(fd.release());
}

class LifetimeCloseTest : public EachBackend {
 protected:
  // The kernel completes the close before the call returns, so only the FIN may still be in flight.
  void expect_watch_ends(const LastClose& last_close) {
    expect_tcp_watch_ends(last_close);
    expect_pipe_watch_ends(last_close);
    expect_ready_watch_ends(last_close);
  }

 private:
  void expect_tcp_watch_ends(const LastClose& last_close) {
    const unique_fd ep = backend_.instance();
    TcpPair pair = tcp_pair();
    ASSERT_THAT(backend_.add(ep.get(), pair.server.get(), EPOLLIN | EPOLLRDHUP), SyscallSucceeds());
    last_close(pair.server);
    EXPECT_THAT(watches_of(ep.get()), testing::IsEmpty());
    wait_until_fin(pair.client);
    EXPECT_THAT(backend_.ready(ep.get()), NoEvents());
  }

  void expect_pipe_watch_ends(const LastClose& last_close) {
    const unique_fd ep = backend_.instance();
    Pipe pipe = make_pipe();
    ASSERT_THAT(backend_.add(ep.get(), pipe.writer.get(), EPOLLERR), SyscallSucceeds());
    last_close(pipe.writer);
    EXPECT_THAT(watches_of(ep.get()), testing::IsEmpty());
    char byte;
    EXPECT_THAT(read(pipe.reader.get(), &byte, 1), SyscallSucceedsWithValue(0));
  }

  void expect_ready_watch_ends(const LastClose& last_close) {
    const unique_fd ep = backend_.instance();
    unique_fd eventfd = make_eventfd(1);
    ASSERT_THAT(backend_.add(ep.get(), eventfd.get(), EPOLLIN), SyscallSucceeds());
    ASSERT_THAT(backend_.ready(ep.get()), Events(Event(eventfd.get(), EPOLLIN)));
    last_close(eventfd);
    EXPECT_THAT(backend_.ready(ep.get()), NoEvents());
    EXPECT_THAT(watches_of(ep.get()), testing::IsEmpty());
  }
};
XPOLL_FOR_EACH_BACKEND(LifetimeCloseTest);

TEST_P(LifetimeCloseTest, ByClose) {
  expect_watch_ends([](unique_fd& fd) { checked(fd.close(), "close"); });
}

TEST_P(LifetimeCloseTest, ByDup2OverIt) {
  const unique_fd other = make_eventfd();
  expect_watch_ends([&](unique_fd& fd) { checked(dup2(other.get(), fd.get()), "dup2"); });
}

TEST_P(LifetimeCloseTest, ByDup3OverIt) {
  const unique_fd other = make_eventfd();
  expect_watch_ends(
      [&](unique_fd& fd) { checked(dup3(other.get(), fd.get(), O_CLOEXEC), "dup3"); });
}

TEST_P(LifetimeCloseTest, ByCloseRange) {
  expect_watch_ends([](unique_fd& fd) { close_range(fd, 0); });
}

TEST_P(LifetimeCloseTest, ByTheCloseOfTheLastOfSeveralDups) {
  expect_watch_ends([](unique_fd& fd) {
    unique_fd dup = duplicate(fd);
    unique_fd again = duplicate(dup);
    fd.reset();
    dup.reset();
    checked(again.close(), "close");
  });
}

TEST_P(LifetimeCloseTest, ByTheEndOfAThreadWithADescriptorTableOfItsOwn) {
  expect_watch_ends([](unique_fd& fd) {
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
    // A thread can be joined before the kernel has closed its descriptors.
    const std::string task = "/proc/self/task/" + std::to_string(thread.tid());
    wait_until("the thread gone", [&] { return access(task.c_str(), F_OK) < 0; });
  });
}

TEST_P(LifetimeCloseTest, ReusedNumberCanBeAdded) {
  const unique_fd ep = backend_.instance();
  unique_fd first = make_eventfd(1);
  const int number = first.get();
  ASSERT_THAT(backend_.add(ep.get(), number, EPOLLIN, 1), SyscallSucceeds());
  first.reset();
  const unique_fd second = make_eventfd(1);
  ASSERT_EQ(second.get(), number);
  EXPECT_THAT(backend_.mod(ep.get(), number, EPOLLIN), SyscallFailsWithErrno(ENOENT));
  EXPECT_THAT(backend_.add(ep.get(), number, EPOLLIN, 2), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(ep.get()), Events(Event(2, EPOLLIN)));
}

TEST_P(LifetimeCloseTest, OtherWatchesOfTheInstanceStay) {
  const unique_fd ep = backend_.instance();
  const unique_fd stays = make_eventfd(1);
  unique_fd goes = make_eventfd(1);
  ASSERT_THAT(backend_.add(ep.get(), goes.get(), EPOLLIN), SyscallSucceeds());
  ASSERT_THAT(backend_.add(ep.get(), stays.get(), EPOLLIN), SyscallSucceeds());
  goes.reset();
  EXPECT_THAT(backend_.ready(ep.get()), Events(Event(stays.get(), EPOLLIN)));
  EXPECT_EQ(watch_count(ep.get()), 1U);
}

TEST_P(LifetimeCloseTest, WatchesOfSeveralInstancesEndTogether) {
  std::vector<unique_fd> instances;
  TcpPair pair = tcp_pair();
  for (int i = 0; i < 10; ++i) {
    instances.push_back(backend_.instance());
    ASSERT_THAT(backend_.add(instances.back().get(), pair.server.get(), EPOLLOUT),
                SyscallSucceeds());
  }
  pair.server.reset();
  for (const unique_fd& ep : instances) EXPECT_THAT(watches_of(ep.get()), testing::IsEmpty());
  wait_until_fin(pair.client);
}

TEST_P(LifetimeCloseTest, LastCloseDoesNotWakeAWaiter) {
  const unique_fd ep = backend_.instance();
  const unique_fd other = make_eventfd();
  unique_fd watched = make_eventfd();
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
  unique_fd ep = backend_.instance();
  const TcpPair pair = tcp_pair();
  ASSERT_THAT(backend_.add(ep.get(), pair.server.get(), EPOLLIN), SyscallSucceeds());
  ep.reset();
  write_all(pair.client, "still there");
  const unique_fd next = backend_.instance();
  ASSERT_THAT(backend_.add(next.get(), pair.server.get(), EPOLLIN), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(next.get(), -1), Events(Event(pair.server.get(), EPOLLIN)));
}

TEST_P(LifetimeCloseTest, LastCloseDuringAScanWaitsForItAndLeavesNothing) {
  XPOLL_REQUIRE(FaultGate::available(), "userfaultfd");
  const unique_fd ep = backend_.instance();
  const unique_fd first = make_eventfd(1);
  unique_fd second = make_eventfd(1);
  ASSERT_THAT(backend_.add(ep.get(), first.get(), EPOLLIN), SyscallSucceeds());
  ASSERT_THAT(backend_.add(ep.get(), second.get(), EPOLLIN), SyscallSucceeds());
  FaultGate gate;
  epoll_event* events = gate.array_gated_at(0);
  Waiter waiter(backend_, ep.get(), events, 2);
  gate.wait_until_reached();
  Thread closer([&] { second.reset(); });
  wait_until("the close waits for the scan", [&] { return is_asleep(closer.tid()); });
  gate.open();
  closer.join();
  // A file without a descriptor counts as not ready.
  EXPECT_THAT(waiter.join(), SyscallSucceedsWithValue(1));
  EXPECT_THAT(events[0], Event(first.get(), EPOLLIN));
  EXPECT_EQ(watch_count(ep.get()), 1U);
}

}  // namespace
}  // namespace xpoll::test
