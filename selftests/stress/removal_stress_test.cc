// SPDX-License-Identifier: GPL-2.0-only
// Everything that ends a watch races with everything that makes it ready, while events must get
// through.
#include <sys/socket.h>

#include <array>
#include <list>
#include <vector>

#include "stress/counted.h"
#include "tools/util/descriptors.h"
#include "tools/util/eventfd.h"
#include "tools/util/sockets.h"
#include "tools/util/wait_until.h"
#include "util/each_backend.h"
#include "util/matchers.h"
#include "util/stats.h"
#include "util/stress.h"
#include "util/thread.h"

namespace xpoll::test {
namespace {

class RemovalStressTest : public XpollOnly {
 protected:
  // Watches that end in every way and are woken until they end, until `stop` is set.
  void churn(const unique_fd& ep, const std::atomic<bool>& stop) const {
    for (unsigned round = 0; !stop; ++round) {
      auto [watched, peer] = unix_pair();
      unique_fd dup = duplicate(watched);
      checked(backend_.add(ep.get(), watched.get(), EPOLLIN | (round % 3 ? EPOLLET : 0U)), "add");
      checked(backend_.add(ep.get(), dup.get(), EPOLLOUT | EPOLLRDHUP), "add of a dup");
      send(peer.get(), "x", 1, MSG_NOSIGNAL);
      if (round % 2) backend_.del(ep.get(), dup.get());
      if (round % 4) shutdown(peer.get(), SHUT_WR);
      // The remaining watches end with the last of the two.
    }
  }
};

// Scans, the overflow list, DEL and last closes race with each other, while every edge of one file
// must arrive: the producer makes the next edge when the last one was seen.
TEST_F(RemovalStressTest, TheEdgesOfASteadyFileArriveAmidstWatchesThatEnd) {
  constexpr unsigned kChurners = 2;
  constexpr unsigned kScanners = 2;
  const int edges = stress_rounds(400);
  const unique_fd ep = backend_.instance();
  const unique_fd steady = make_eventfd();
  ASSERT_THAT(backend_.add(ep.get(), steady.get(), EPOLLIN | EPOLLET, 0), SyscallSucceeds());
  std::atomic<bool> stop{false};
  std::atomic<int> seen{0};
  std::list<Thread> threads;
  for (unsigned i = 0; i < kChurners; ++i) threads.emplace_back([&] { churn(ep, stop); });
  for (unsigned i = 0; i < kScanners; ++i) {
    threads.emplace_back([&] {
      std::array<epoll_event, 4> events;
      while (!stop) {
        const int count = checked(backend_.wait(ep.get(), events.data(), 4, 1), "wait");
        for (int event = 0; event < count; ++event) seen += events[event].data.u64 == 0;
      }
    });
  }
  {
    const SetAtExit stop_at_exit(stop);
    for (int edge = 1; edge <= edges; ++edge) {
      post(steady);
      wait_until("the edge seen", [&] { return seen >= edge; });
    }
  }
  for (Thread& thread : threads) thread.join();
  expect_no_loss("edges", static_cast<std::uint64_t>(edges),
                 static_cast<std::uint64_t>(seen.load()));
  const struct xpoll_stats stats = stats_of(ep);
  EXPECT_EQ(stats.open_watches, 1U);
  fmt::print("# {} watches, {} overflows\n", stats.watches, stats.overflows);
}

// Counts bytes instead of edges: no byte may remain in a socket without being reported.
TEST_F(RemovalStressTest, OneshotsThatAreRearmedBesideAWriterLoseNoByte) {
  constexpr unsigned kWorkers = 3;
  constexpr std::uint32_t kOnce = EPOLLIN | EPOLLONESHOT;
  const std::uint64_t bytes = static_cast<std::uint64_t>(stress_rounds(1500));
  const unique_fd ep = backend_.instance();
  const TcpPair pair = tcp_pair();
  ASSERT_THAT(backend_.add(ep.get(), pair.server.get(), kOnce), SyscallSucceeds());
  std::atomic<std::uint64_t> received{0};
  std::atomic<bool> stop{false};
  std::list<Thread> workers;
  for (unsigned i = 0; i < kWorkers; ++i) {
    workers.emplace_back([&] {
      epoll_event event;
      while (!stop) {
        if (checked(backend_.wait(ep.get(), &event, 1, 5), "wait") == 0) continue;
        // Rearm before everything is read, so the next worker may be woken at once.
        char byte;
        if (read(pair.server.get(), &byte, 1) == 1) ++received;
        checked(backend_.mod(ep.get(), pair.server.get(), kOnce), "mod");
      }
    });
  }
  {
    const SetAtExit stop_at_exit(stop);
    for (std::uint64_t sent = 0; sent < bytes; ++sent) {
      write_all(pair.client, "x");
      // Everything is read now and then, so the next byte meets a disarmed, an armed or a busy
      // watch.
      if (sent % 8 == 7) wait_until("all received", [&] { return received == sent + 1; });
    }
    wait_until("all received", [&] { return received == bytes; });
  }
  for (Thread& worker : workers) worker.join();
  expect_no_loss("bytes", bytes, received);
}

}  // namespace
}  // namespace xpoll::test
