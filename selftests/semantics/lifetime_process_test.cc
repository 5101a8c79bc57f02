// SPDX-License-Identifier: GPL-2.0-only
// A watch ends when a process loses the last descriptor without close(): by exec, exit or kill -9.
// The child shares the parent's instance and watches its own sockets in it. The parent has their
// peers.
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <vector>

#include "tools/util/descriptors.h"
#include "tools/util/sockets.h"
#include "tools/util/wait_until.h"
#include "util/each_backend.h"
#include "util/matchers.h"
#include "util/process.h"
#include "util/tcp_state.h"
#include "util/thread.h"
#include "util/watched.h"

namespace xpoll::test {
namespace {

class LifetimeProcessTest : public EachBackend {
 protected:
  // In the child: watches sockets that stay open until the body returns.
  int watch_own_sockets(const unique_fd& ep, const TcpListener& listener, int count) const {
    for (int i = 0; i < count; ++i) {
      const int socket = listener.connect().release();
      if (backend_.add(ep.get(), socket, EPOLLIN | EPOLLRDHUP) < 0) return -1;
    }
    return 0;
  }

  static std::vector<unique_fd> accept_all(const TcpListener& listener, int count) {
    std::vector<unique_fd> peers;
    for (int i = 0; i < count; ++i) peers.push_back(listener.accept());
    return peers;
  }

  void expect_ended(const unique_fd& ep, const std::vector<unique_fd>& peers) {
    wait_until_nothing_watched(ep.get());
    for (const unique_fd& peer : peers) wait_until_fin(peer);
    EXPECT_THAT(backend_.ready(ep.get()), NoEvents());
  }
};
XPOLL_FOR_EACH_BACKEND(LifetimeProcessTest);

TEST_P(LifetimeProcessTest, ExitEndsTheWatchesOfAllItsDescriptors) {
  constexpr int kDescriptors = 100;
  const unique_fd ep = backend_.instance();
  const TcpListener listener;
  Process child([&] { return watch_own_sockets(ep, listener, kDescriptors); });
  const std::vector<unique_fd> peers = accept_all(listener, kDescriptors);
  ASSERT_THAT(child.join(), SyscallSucceeds());
  expect_ended(ep, peers);
}

TEST_P(LifetimeProcessTest, KillEndsTheWatches) {
  const unique_fd ep = backend_.instance();
  const TcpListener listener;
  Process child([&] {
    const int result = watch_own_sockets(ep, listener, 3);
    return result < 0 ? result : pause();
  });
  const std::vector<unique_fd> peers = accept_all(listener, 3);
  wait_until("the child's sockets watched", [&] { return watch_count(ep.get()) == 3; });
  child.kill_and_reap();
  expect_ended(ep, peers);
}

TEST_P(LifetimeProcessTest, KillOfAProcessAsleepInAWaitEndsTheWatches) {
  const unique_fd ep = backend_.instance();
  const TcpListener listener;
  Process child([&] {
    epoll_event event;
    const int result = watch_own_sockets(ep, listener, 3);
    return result < 0 ? result : backend_.wait(ep.get(), &event, 1, -1);
  });
  const std::vector<unique_fd> peers = accept_all(listener, 3);
  child.wait_until_asleep_in_wait();
  child.kill_and_reap();
  expect_ended(ep, peers);
}

TEST_P(LifetimeProcessTest, KillOfAProcessWithAnInstanceOfItsOwnSendsFin) {
  const TcpListener listener;
  Process child([&] {
    const unique_fd own = backend_.instance();
    epoll_event event;
    const int result = watch_own_sockets(own, listener, 3);
    return result < 0 ? result : backend_.wait(own.get(), &event, 1, -1);
  });
  const std::vector<unique_fd> peers = accept_all(listener, 3);
  child.wait_until_asleep_in_wait();
  child.kill_and_reap();
  for (const unique_fd& peer : peers) wait_until_fin(peer);
}

TEST_P(LifetimeProcessTest, KillOfAProcessWithManyThreadsEndsTheWatches) {
  const unique_fd ep = backend_.instance();
  const TcpListener listener;
  Process child([&] {
    const auto wait_for_ever = [&] {
      epoll_event event;
      backend_.wait(ep.get(), &event, 1, -1);
    };
    if (watch_own_sockets(ep, listener, 3) < 0) return -1;
    Thread first(wait_for_ever);
    Thread second(wait_for_ever);
    first.join();
    return 0;
  });
  const std::vector<unique_fd> peers = accept_all(listener, 3);
  wait_until("the child's sockets watched", [&] { return watch_count(ep.get()) == 3; });
  child.kill_and_reap();
  expect_ended(ep, peers);
}

// Replaces the child by cat, which runs until the pipe on its standard input is closed.
int become_cat(const Pipe& input) {
  if (dup2(input.reader.get(), STDIN_FILENO) < 0) return -1;
  return execl("/bin/cat", "cat", nullptr);
}

TEST_P(LifetimeProcessTest, ExecEndsTheWatchesOfCloseOnExecDescriptors) {
  const unique_fd ep = backend_.instance();
  const TcpListener listener;
  const Pipe input = make_pipe(O_CLOEXEC);
  Process child([&] {
    const int result = watch_own_sockets(ep, listener, 3);
    return result < 0 ? result : become_cat(input);
  });
  const std::vector<unique_fd> peers = accept_all(listener, 3);
  // The child keeps running.
  for (const unique_fd& peer : peers) wait_until_fin(peer);
  wait_until_nothing_watched(ep.get());
  EXPECT_EQ(waitpid(child.pid(), nullptr, WNOHANG), 0);
}

TEST_P(LifetimeProcessTest, ExecKeepsTheWatchesOfDescriptorsThatStayOpen) {
  const unique_fd ep = backend_.instance();
  Pipe watched = make_pipe(0);
  const Pipe input = make_pipe(O_CLOEXEC);
  const int number = watched.reader.get();
  ASSERT_THAT(backend_.add(ep.get(), number, EPOLLIN), SyscallSucceeds());
  Process child([&] { return become_cat(input); });
  watched.reader.reset();
  write_all(watched.writer, "x");
  EXPECT_THAT(backend_.ready(ep.get(), -1), Events(Event(number, EPOLLIN)));
  child.wait_until_executed("cat");
  EXPECT_THAT(backend_.ready(ep.get(), -1), Events(Event(number, EPOLLIN)));
  child.kill_and_reap();
  wait_until_nothing_watched(ep.get());
}

TEST_P(LifetimeProcessTest, WatchOutlivesAProcessWhileAnotherHoldsTheFile) {
  const unique_fd ep = backend_.instance();
  const TcpPair pair = tcp_pair();
  Process child([&] { return backend_.add(ep.get(), pair.server.get(), EPOLLIN); });
  ASSERT_THAT(child.join(), SyscallSucceeds());
  write_all(pair.client, "x");
  EXPECT_THAT(backend_.ready(ep.get(), -1), Events(Event(pair.server.get(), EPOLLIN)));
}

}  // namespace
}  // namespace xpoll::test
