// SPDX-License-Identifier: GPL-2.0-only
// Watched files and wait queues that end with a process: signalfds whose owner exits, descriptors
// in the queues of sockets, many children that share an instance.
#include <sys/signalfd.h>
#include <sys/wait.h>

#include <list>
#include <vector>

#include "stress/counted.h"
#include "tools/util/descriptors.h"
#include "tools/util/eventfd.h"
#include "tools/util/sockets.h"
#include "tools/util/wait_until.h"
#include "util/each_backend.h"
#include "util/fd_passing.h"
#include "util/matchers.h"
#include "util/process.h"
#include "util/race.h"
#include "util/stats.h"
#include "util/stress.h"
#include "util/thread.h"
#include "util/watched.h"

namespace xpoll::test {
namespace {

class OwnerStressTest : public XpollOnly {
 protected:
  // Scans repeatedly while the object lives.
  class Scanner {
   public:
    Scanner(Backend backend, const unique_fd& ep)
        : thread_([this, backend, &ep] {
            std::vector<epoll_event> events(8);
            while (!stop_) backend.wait(ep.get(), events.data(), 8, 1);
          }) {}

   private:
    std::atomic<bool> stop_{false};
    Thread thread_;
    const SetAtExit stop_at_exit_{stop_};
  };
};

// The watch is hooked to the child's signal queue, which ends before the file.
TEST_F(OwnerStressTest, SignalfdsOutliveTheirOwnersUnderAScan) {
  const int rounds = stress_rounds(60);
  const unique_fd ep = backend_.instance();
  const unique_fd signalfd = make_signalfd(SIGUSR2);
  std::uint64_t ended = 0;
  {
    const Scanner scanner(backend_, ep);
    for (int round = 0; round < rounds; ++round) {
      Process owner([&] {
        return backend_.add(ep.get(), signalfd.get(), EPOLLIN | (round % 2 ? EPOLLET : 0U));
      });
      wait_until("the watch", [&] { return !watches_of(ep.get()).empty(); });
      // Races with the owner's end, which is complete when the owner is reaped.
      Thread remover([&] { ended += backend_.del(ep.get(), signalfd.get()) == 0; });
      EXPECT_THAT(owner.join(), SyscallSucceeds());
      remover.join();
    }
  }
  expect_no_loss("watches of dead owners", static_cast<std::uint64_t>(rounds), ended);
  EXPECT_THAT(watches_of(ep.get()), testing::IsEmpty());
}

TEST_F(OwnerStressTest, CyclesOfSocketQueuesWithWatchedFilesAreCollectedUnderAScan) {
  const int rounds = stress_rounds(80);
  constexpr unsigned kThreads = 3;
  const unique_fd ep = backend_.instance();
  {
    const Scanner scanner(backend_, ep);
    std::list<Thread> threads;
    for (unsigned i = 0; i < kThreads; ++i) {
      threads.emplace_back([&] {
        for (int round = 0; round < rounds; ++round) {
          auto [left, right] = unix_pair();
          unique_fd watched = make_eventfd(1);
          checked(backend_.add(ep.get(), watched.get(), EPOLLIN), "add");
          checked(backend_.add(ep.get(), left.get(), EPOLLIN | EPOLLOUT), "add");
          send_fd(left, watched.get());
          send_fd(left, right.get());
        }
      });
    }
    for (Thread& thread : threads) thread.join();
  }
  wait_until("all cycles collected", [&] {
    // Closing a UNIX socket starts the collector.
    unix_pair();
    return watches_of(ep.get()).empty();
  });
  const struct xpoll_stats stats = stats_of(ep);
  expect_no_loss("watches", 2 * kThreads * static_cast<std::uint64_t>(rounds), stats.watches);
  EXPECT_EQ(stats.open_watches, 0U);
}

// Each child has its own copies of the descriptors, watches the same files and dies in between.
TEST_F(OwnerStressTest, AStormOfChildrenThatShareAnInstanceTakesNothingFromTheParent) {
  const int rounds = stress_rounds(15);
  constexpr int kChildren = 6;
  const unique_fd ep = backend_.instance();
  const unique_fd counted = make_eventfd();
  const unique_fd shared = make_eventfd(1);
  ASSERT_THAT(backend_.add(ep.get(), counted.get(), EPOLLIN), SyscallSucceeds());
  std::uint64_t posted = 0;
  std::uint64_t taken = 0;
  for (int round = 0; round < rounds; ++round) {
    const std::uint64_t watches_before = stats_of(ep).watches;
    std::list<Process> children;
    for (int i = 0; i < kChildren; ++i) {
      children.emplace_back([&] {
        const unique_fd own = make_eventfd(1);
        for (;;) {
          epoll_event event;
          backend_.add(ep.get(), own.get(), EPOLLIN);
          backend_.add(ep.get(), shared.get(), EPOLLIN | EPOLLWAKEUP);
          backend_.wait(ep.get(), &event, 1, 0);
          backend_.del(ep.get(), shared.get());
        }
        return 0;
      });
    }
    // Wait until the children run, so that they race with the parent.
    wait_until("a child's watch", [&] { return stats_of(ep).watches > watches_before; });
    // Level-triggered: whichever process sees it first, the parent finds it until it has read it.
    for (int event = 0; event < kChildren; ++event) {
      post(counted);
      ++posted;
      wait_until("the event", [&] {
        for (const epoll_event& ready : backend_.ready(ep.get(), -1)) {
          if (ready.data.u64 == static_cast<std::uint64_t>(counted.get())) return true;
        }
        return false;
      });
      taken += take(counted);
      children.pop_front();
    }
  }
  expect_no_loss("events", posted, taken);
  backend_.del(ep.get(), shared.get());
  wait_until("the children's watches gone", [&] { return watch_count(ep.get()) == 1; });
}

}  // namespace
}  // namespace xpoll::test
