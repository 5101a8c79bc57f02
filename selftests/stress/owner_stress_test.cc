// SPDX-License-Identifier: GPL-2.0-only
// Watched files and wait queues that end with a process: signalfds whose owner exits, descriptors
// in the queues of sockets, storms of children that share an instance.
#include <sys/signalfd.h>
#include <sys/wait.h>

#include <list>
#include <vector>

#include "stress/counted.h"
#include "util/descriptors.h"
#include "util/each_backend.h"
#include "util/eventfd.h"
#include "util/fd_passing.h"
#include "util/matchers.h"
#include "util/process.h"
#include "util/race.h"
#include "util/sockets.h"
#include "util/stats.h"
#include "util/stress.h"
#include "util/thread.h"
#include "util/wait_until.h"
#include "util/watched.h"

namespace xpoll_test {
namespace {

class OwnerStressTest : public XpollOnly {
 protected:
  // A scan, over and over, for as long as this lives.
  class Scanner {
   public:
    Scanner(Backend backend, const Fd& ep)
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

// The signal queue of the child, which the watch is hooked to, ends before the file does.
TEST_F(OwnerStressTest, SignalfdsOutliveTheirOwnersUnderAScan) {
  const int rounds = stressRounds(60);
  const Fd ep = backend_.instance();
  const Fd signalfd = makeSignalfd(SIGUSR2);
  std::uint64_t ended = 0;
  {
    const Scanner scanner(backend_, ep);
    for (int round = 0; round < rounds; ++round) {
      Process owner([&] {
        return backend_.add(ep.get(), signalfd.get(), EPOLLIN | (round % 2 ? EPOLLET : 0U));
      });
      waitUntil("the watch", [&] { return !watchesOf(ep.get()).empty(); });
      // Beside the owner's end, which comes as it is reaped.
      Thread remover([&] { ended += backend_.del(ep.get(), signalfd.get()) == 0; });
      EXPECT_THAT(owner.join(), SyscallSucceeds());
      remover.join();
    }
  }
  expectNoLoss("watches of dead owners", static_cast<std::uint64_t>(rounds), ended);
  EXPECT_THAT(watchesOf(ep.get()), testing::IsEmpty());
}

TEST_F(OwnerStressTest, CyclesOfSocketQueuesWithWatchedFilesAreCollectedUnderAScan) {
  const int rounds = stressRounds(80);
  constexpr unsigned kThreads = 3;
  const Fd ep = backend_.instance();
  {
    const Scanner scanner(backend_, ep);
    std::list<Thread> threads;
    for (unsigned i = 0; i < kThreads; ++i) {
      threads.emplace_back([&] {
        for (int round = 0; round < rounds; ++round) {
          auto [left, right] = unixPair();
          Fd watched = makeEventfd(1);
          checked(backend_.add(ep.get(), watched.get(), EPOLLIN), "add");
          checked(backend_.add(ep.get(), left.get(), EPOLLIN | EPOLLOUT), "add");
          sendFd(left, watched.get());
          sendFd(left, right.get());
        }
      });
    }
    for (Thread& thread : threads) thread.join();
  }
  waitUntil("all cycles collected", [&] {
    // The close of any UNIX socket starts the collector.
    unixPair();
    return watchesOf(ep.get()).empty();
  });
  const struct xpoll_stats stats = statsOf(ep);
  expectNoLoss("watches", 2 * kThreads * static_cast<std::uint64_t>(rounds), stats.watches);
  EXPECT_EQ(stats.open_watches, 0U);
}

// Each child has its own copies of all numbers, watches the same files and dies in the midst of it.
TEST_F(OwnerStressTest, AStormOfChildrenThatShareAnInstanceTakesNothingFromTheParent) {
  const int rounds = stressRounds(15);
  constexpr int kChildren = 6;
  const Fd ep = backend_.instance();
  const Fd counted = makeEventfd();
  const Fd shared = makeEventfd(1);
  ASSERT_THAT(backend_.add(ep.get(), counted.get(), EPOLLIN), SyscallSucceeds());
  std::uint64_t posted = 0;
  std::uint64_t taken = 0;
  for (int round = 0; round < rounds; ++round) {
    const std::uint64_t watches_before = statsOf(ep).watches;
    std::list<Process> children;
    for (int i = 0; i < kChildren; ++i) {
      children.emplace_back([&] {
        const Fd own = makeEventfd(1);
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
    // It is a storm only if they get to run.
    waitUntil("a child's watch", [&] { return statsOf(ep).watches > watches_before; });
    // Level-triggered: whoever looks first, the parent finds it until it has taken it.
    for (int event = 0; event < kChildren; ++event) {
      post(counted);
      ++posted;
      waitUntil("the event", [&] {
        for (const epoll_event& ready : backend_.ready(ep.get(), -1)) {
          if (ready.data.u64 == static_cast<std::uint64_t>(counted.get())) return true;
        }
        return false;
      });
      taken += take(counted);
      children.pop_front();
    }
  }
  expectNoLoss("events", posted, taken);
  backend_.del(ep.get(), shared.get());
  waitUntil("the children's watches gone", [&] { return watchesOf(ep.get()).size() == 1; });
}

}  // namespace
}  // namespace xpoll_test
