// SPDX-License-Identifier: GPL-2.0-only
// The end of a watch when a process loses the last descriptor without closing it: by exec, exit or
// kill -9. The child shares the parent's instance and watches its own sockets in it; their peers
// are the parent's.
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <vector>

#include "util/descriptors.h"
#include "util/each_backend.h"
#include "util/matchers.h"
#include "util/process.h"
#include "util/sockets.h"
#include "util/tcp_state.h"
#include "util/thread.h"
#include "util/wait_until.h"
#include "util/watched.h"

namespace xpoll_test {
namespace {

class LifetimeProcessTest : public EachBackend {
 protected:
  // In the child: sockets that are left open when the body ends.
  int watchOwnSockets(const Fd& ep, const TcpListener& listener, int count) const {
    for (int i = 0; i < count; ++i) {
      const int socket = listener.connect().release();
      if (backend_.add(ep.get(), socket, EPOLLIN | EPOLLRDHUP) < 0) return -1;
    }
    return 0;
  }

  static std::vector<Fd> acceptAll(const TcpListener& listener, int count) {
    std::vector<Fd> peers;
    for (int i = 0; i < count; ++i) peers.push_back(listener.accept());
    return peers;
  }

  void expectEnded(const Fd& ep, const std::vector<Fd>& peers) {
    waitUntilNothingWatched(ep.get());
    for (const Fd& peer : peers) waitUntilFin(peer);
    EXPECT_THAT(backend_.ready(ep.get()), NoEvents());
  }
};
XPOLL_FOR_EACH_BACKEND(LifetimeProcessTest);

TEST_P(LifetimeProcessTest, ExitEndsTheWatchesOfAllItsDescriptors) {
  constexpr int kDescriptors = 100;
  const Fd ep = backend_.instance();
  const TcpListener listener;
  Process child([&] { return watchOwnSockets(ep, listener, kDescriptors); });
  const std::vector<Fd> peers = acceptAll(listener, kDescriptors);
  ASSERT_THAT(child.join(), SyscallSucceeds());
  expectEnded(ep, peers);
}

TEST_P(LifetimeProcessTest, KillEndsTheWatches) {
  const Fd ep = backend_.instance();
  const TcpListener listener;
  Process child([&] {
    const int result = watchOwnSockets(ep, listener, 3);
    return result < 0 ? result : pause();
  });
  const std::vector<Fd> peers = acceptAll(listener, 3);
  waitUntil("the child's sockets watched", [&] { return watchesOf(ep.get()).size() == 3; });
  child.killAndReap();
  expectEnded(ep, peers);
}

TEST_P(LifetimeProcessTest, KillOfAProcessAsleepInAWaitEndsTheWatches) {
  const Fd ep = backend_.instance();
  const TcpListener listener;
  Process child([&] {
    epoll_event event;
    const int result = watchOwnSockets(ep, listener, 3);
    return result < 0 ? result : backend_.wait(ep.get(), &event, 1, -1);
  });
  const std::vector<Fd> peers = acceptAll(listener, 3);
  child.waitUntilAsleepInWait();
  child.killAndReap();
  expectEnded(ep, peers);
}

TEST_P(LifetimeProcessTest, KillOfAProcessWithAnInstanceOfItsOwnSendsFin) {
  const TcpListener listener;
  Process child([&] {
    const Fd own = backend_.instance();
    epoll_event event;
    const int result = watchOwnSockets(own, listener, 3);
    return result < 0 ? result : backend_.wait(own.get(), &event, 1, -1);
  });
  const std::vector<Fd> peers = acceptAll(listener, 3);
  child.waitUntilAsleepInWait();
  child.killAndReap();
  for (const Fd& peer : peers) waitUntilFin(peer);
}

TEST_P(LifetimeProcessTest, KillOfAProcessWithManyThreadsEndsTheWatches) {
  const Fd ep = backend_.instance();
  const TcpListener listener;
  Process child([&] {
    const auto wait_for_ever = [&] {
      epoll_event event;
      backend_.wait(ep.get(), &event, 1, -1);
    };
    if (watchOwnSockets(ep, listener, 3) < 0) return -1;
    Thread first(wait_for_ever);
    Thread second(wait_for_ever);
    first.join();
    return 0;
  });
  const std::vector<Fd> peers = acceptAll(listener, 3);
  waitUntil("the child's sockets watched", [&] { return watchesOf(ep.get()).size() == 3; });
  child.killAndReap();
  expectEnded(ep, peers);
}

// Replaces the child by cat, which lives until the pipe on its standard input ends.
int becomeCat(const Pipe& input) {
  if (dup2(input.reader.get(), STDIN_FILENO) < 0) return -1;
  return execl("/bin/cat", "cat", nullptr);
}

TEST_P(LifetimeProcessTest, ExecEndsTheWatchesOfCloseOnExecDescriptors) {
  const Fd ep = backend_.instance();
  const TcpListener listener;
  const Pipe input = makePipe(O_CLOEXEC);
  Process child([&] {
    const int result = watchOwnSockets(ep, listener, 3);
    return result < 0 ? result : becomeCat(input);
  });
  const std::vector<Fd> peers = acceptAll(listener, 3);
  // The child itself lives on.
  for (const Fd& peer : peers) waitUntilFin(peer);
  waitUntilNothingWatched(ep.get());
  EXPECT_EQ(waitpid(child.pid(), nullptr, WNOHANG), 0);
}

TEST_P(LifetimeProcessTest, ExecKeepsTheWatchesOfDescriptorsThatStayOpen) {
  const Fd ep = backend_.instance();
  Pipe watched = makePipe(0);
  const Pipe input = makePipe(O_CLOEXEC);
  const int number = watched.reader.get();
  ASSERT_THAT(backend_.add(ep.get(), number, EPOLLIN), SyscallSucceeds());
  Process child([&] { return becomeCat(input); });
  watched.reader.reset();
  writeAll(watched.writer, "x");
  EXPECT_THAT(backend_.ready(ep.get(), -1), Events(Event(number, EPOLLIN)));
  waitUntil("the child is cat", [&] {
    char name[16] = {};
    const Fd comm = checkedFd(
        open(("/proc/" + std::to_string(child.pid()) + "/comm").c_str(), O_RDONLY), "open");
    return read(comm.get(), name, sizeof(name)) == 4 && std::string_view(name, 3) == "cat";
  });
  EXPECT_THAT(backend_.ready(ep.get(), -1), Events(Event(number, EPOLLIN)));
  child.killAndReap();
  waitUntilNothingWatched(ep.get());
}

TEST_P(LifetimeProcessTest, WatchOutlivesAProcessWhileAnotherHoldsTheFile) {
  const Fd ep = backend_.instance();
  const TcpPair pair = tcpPair();
  Process child([&] { return backend_.add(ep.get(), pair.server.get(), EPOLLIN); });
  ASSERT_THAT(child.join(), SyscallSucceeds());
  writeAll(pair.client, "x");
  EXPECT_THAT(backend_.ready(ep.get(), -1), Events(Event(pair.server.get(), EPOLLIN)));
}

}  // namespace
}  // namespace xpoll_test
