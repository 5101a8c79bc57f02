// SPDX-License-Identifier: GPL-2.0-only
// Multithreaded TCP servers. The tests count every connection and byte.
#include <poll.h>

#include <array>
#include <atomic>
#include <list>
#include <vector>

#include "tools/util/descriptors.h"
#include "tools/util/eventfd.h"
#include "tools/util/sockets.h"
#include "tools/util/wait_until.h"
#include "util/each_backend.h"
#include "util/matchers.h"
#include "util/stress.h"
#include "util/thread.h"

namespace xpoll::test {
namespace {

constexpr int kWorkers = 4;
constexpr int kHangMs = static_cast<int>(std::chrono::milliseconds(kDeadline).count());

class RaceServerTest : public EachBackend {};
XPOLL_FOR_EACH_BACKEND(RaceServerTest);

bool echo(int socket) {
  char byte;
  return read(socket, &byte, 1) == 1 && write(socket, &byte, 1) == 1;
}

char receive_byte(const unique_fd& socket) {
  pollfd request{.fd = socket.get(), .events = POLLIN, .revents = 0};
  char byte = 0;
  if (checked(poll(&request, 1, kHangMs), "poll") == 1)
    checked(static_cast<int>(read(socket.get(), &byte, 1)), "read");
  return byte;
}

TEST_P(RaceServerTest, WorkersThatRearmOneshotsAnswerEveryByte) {
  constexpr int kConnections = 8;
  constexpr std::uint32_t kOnce = EPOLLIN | EPOLLONESHOT;
  const unique_fd ep = backend_.instance();
  const unique_fd stop = make_eventfd();
  ASSERT_THAT(backend_.add(ep.get(), stop.get(), EPOLLIN), SyscallSucceeds());
  std::vector<TcpPair> pairs;
  for (int i = 0; i < kConnections; ++i) {
    pairs.push_back(tcp_pair());
    ASSERT_THAT(backend_.add(ep.get(), pairs[i].server.get(), kOnce), SyscallSucceeds());
  }
  std::atomic<int> failures{0};
  std::list<Thread> workers;
  for (int i = 0; i < kWorkers; ++i) {
    workers.emplace_back([&] {
      epoll_event event;
      while (backend_.wait(ep.get(), &event, 1, -1) == 1 && event.data.fd != stop.get()) {
        if (!echo(event.data.fd) || backend_.mod(ep.get(), event.data.fd, kOnce) < 0)
          failures.fetch_add(1);
      }
    });
  }
  const int rounds = stress_rounds(60);
  int answered = 0;
  {
    const PostAtExit end(stop);
    for (int round = 0; round < rounds; ++round) {
      const char byte = static_cast<char>('a' + round % 26);
      for (const TcpPair& pair : pairs) write_all(pair.client, std::string_view(&byte, 1));
      for (const TcpPair& pair : pairs) answered += receive_byte(pair.client) == byte;
    }
  }
  for (Thread& worker : workers) worker.join();
  EXPECT_EQ(answered, rounds * kConnections);
  EXPECT_EQ(failures, 0);
}

TEST_P(RaceServerTest, InstancesThatShareAListenerExclusivelyAcceptEveryConnection) {
  const TcpListener listener;
  const unique_fd stop = make_eventfd();
  std::vector<unique_fd> instances;
  for (int i = 0; i < kWorkers; ++i) {
    instances.push_back(backend_.instance());
    ASSERT_THAT(backend_.add(instances[i].get(), listener.get(), EPOLLIN | EPOLLEXCLUSIVE),
                SyscallSucceeds());
    ASSERT_THAT(backend_.add(instances[i].get(), stop.get(), EPOLLIN), SyscallSucceeds());
  }
  std::atomic<int> accepted{0};
  std::list<Thread> workers;
  for (const unique_fd& ep : instances) {
    workers.emplace_back([&] {
      epoll_event event;
      while (backend_.wait(ep.get(), &event, 1, -1) == 1 && event.data.fd != stop.get()) {
        if (unique_fd(accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC)).valid())
          accepted.fetch_add(1);
      }
    });
  }
  const int connections = stress_rounds(150);
  {
    const PostAtExit end(stop);
    for (int i = 1; i <= connections; ++i) {
      const unique_fd client = listener.connect();
      wait_until("the connection accepted", [&] { return accepted >= i; });
    }
  }
  for (Thread& worker : workers) worker.join();
  EXPECT_EQ(accepted, connections);
}

}  // namespace
}  // namespace xpoll::test
