// SPDX-License-Identifier: GPL-2.0-only
// Instances that watch each other, built and torn down from both ends, up to the limits of width
// and depth.
#include <list>
#include <vector>

#include "stress/counted.h"
#include "tools/util/descriptors.h"
#include "tools/util/eventfd.h"
#include "util/each_backend.h"
#include "util/matchers.h"
#include "util/nest.h"
#include "util/race.h"
#include "util/stress.h"
#include "util/thread.h"
#include "util/watched.h"
#include "util/wide_graph.h"

namespace xpoll::test {
namespace {

constexpr int kMaxLinks = 4;

class NestStressTest : public XpollOnly {
 protected:
  // Returns 0 or errno.
  int link(const unique_fd& above, const unique_fd& below) const {
    return backend_.add(above.get(), below.get(), EPOLLIN) < 0 ? errno : 0;
  }
};

TEST_F(NestStressTest, OfTwoThatWatchEachOtherExactlyOneSucceeds) {
  const int rounds = stress_rounds(300);
  unique_fd one;
  unique_fd other;
  int errors[2];
  std::uint64_t links = 0;
  std::uint64_t loops = 0;
  race(
      rounds,
      [&] {
        one = backend_.instance();
        other = backend_.instance();
      },
      {[&] { errors[0] = link(one, other); }, [&] { errors[1] = link(other, one); }},
      [&] {
        for (const int error : errors) {
          links += error == 0;
          loops += error == ELOOP;
        }
      });
  expect_no_loss("links", static_cast<std::uint64_t>(rounds), links);
  expect_no_loss("loops refused", static_cast<std::uint64_t>(rounds), loops);
}

// The longest chain below an instance. A length above the number of instances means a loop.
int depth_below(const std::vector<unique_fd>& instances, int from, int level = 0) {
  int depth = 0;
  if (level > static_cast<int>(instances.size())) return level;
  for (const Watch& watch : watches_of(from))
    depth = std::max(depth, 1 + depth_below(instances, watch.fd, level + 1));
  return depth;
}

TEST_F(NestStressTest, LinksThatComeAndGoAtRandomNeverMakeALoopOrTooLongAChain) {
  constexpr int kInstances = 7;
  constexpr unsigned kThreads = 4;
  std::vector<unique_fd> instances;
  for (int i = 0; i < kInstances; ++i) instances.push_back(backend_.instance());
  const int checks = stress_rounds(20);
  std::atomic<int> refused{0};
  std::atomic<int> linked{0};
  for (int check = 0; check < checks && !HasFailure(); ++check) {
    std::list<Thread> threads;
    for (unsigned i = 0; i < kThreads; ++i) {
      threads.emplace_back([&, i] {
        for (unsigned step = 0; step < 60; ++step) {
          const unsigned choice =
              (step * 2654435761U + i * 40503U + static_cast<unsigned>(check) * 97U) >> 5;
          const unique_fd& above = instances[choice % kInstances];
          const unique_fd& below = instances[choice / kInstances % kInstances];
          if (choice / 64 % 3 == 0) {
            backend_.del(above.get(), below.get());
            continue;
          }
          const int error = link(above, below);
          linked += error == 0;
          refused += error == ELOOP;
          if (error && error != ELOOP && error != EEXIST && error != EINVAL)
            throw std::runtime_error("add: " + errno_text(error));
        }
      });
    }
    for (Thread& thread : threads) thread.join();
    for (const unique_fd& instance : instances)
      EXPECT_LE(depth_below(instances, instance.get()), kMaxLinks);
  }
  EXPECT_GT(linked, 0);
  EXPECT_GT(refused, 0);
}

TEST_F(NestStressTest, EventsArriveAtTheTopOfTheDeepestAndWidestGraphWhileItsPathsComeAndGo) {
  // The second watch of the file is counted, and is never removed.
  WideGraph graph(backend_, kMaxLinks);
  graph.fill();
  const unique_fd steady = make_eventfd();
  ASSERT_THAT(backend_.add(graph.joint(), steady.get(), EPOLLIN | EPOLLET), SyscallSucceeds());
  std::atomic<bool> stop{false};
  Thread churn([&] {
    while (!stop) {
      graph.close_oldest();
      graph.add_path();
      graph.make_ready();
    }
  });
  const int rounds = stress_rounds(100);
  std::uint64_t delivered = 0;
  {
    const SetAtExit stop_at_exit(stop);
    for (int round = 0; round < rounds; ++round) {
      post(steady);
      bool found = false;
      while (!found) {
        // The churn's file is always ready and level-triggered in the lower instances.
        if (backend_.ready(graph.top(), -1).empty()) break;
        for (const epoll_event& event : backend_.ready(graph.joint()))
          found |= event.data.u64 == static_cast<std::uint64_t>(steady.get());
      }
      delivered += found;
    }
  }
  churn.join();
  expect_no_loss("events", static_cast<std::uint64_t>(rounds), delivered);
}

TEST_F(NestStressTest, ChainsTornDownFromBothEndsAtOnceLeaveTheFileAsItWas) {
  const int rounds = stress_rounds(80);
  const unique_fd bottom_file = make_eventfd(1);
  std::uint64_t delivered = 0;
  std::list<unique_fd> chain;
  race(
      rounds,
      [&] {
        chain.clear();
        for (int i = 0; i <= kMaxLinks; ++i) chain.push_back(backend_.instance());
        checked(backend_.add(chain.back().get(), bottom_file.get(), EPOLLIN), "add");
        auto below = std::next(chain.begin());
        for (auto above = chain.begin(); below != chain.end(); ++above, ++below)
          checked(backend_.add(above->get(), below->get(), EPOLLIN), "add of an instance");
        delivered += backend_.ready(chain.front().get()).size();
      },
      {[&] { ::close(chain.front().get()); }, [&] { ::close(chain.back().get()); },
       [&] { ::close(std::next(chain.begin(), 2)->get()); }, [&] { post(bottom_file); }},
      [&] {
        static_cast<void>(std::next(chain.begin(), 2)->release());
        static_cast<void>(chain.front().release());
        static_cast<void>(chain.back().release());
        const unique_fd after = backend_.instance();
        checked(backend_.add(after.get(), bottom_file.get(), EPOLLIN | EPOLLET), "add afterwards");
        delivered += backend_.ready(after.get()).size();
        take(bottom_file);
        post(bottom_file);
        delivered += backend_.ready(after.get()).size();
      });
  expect_no_loss("events at the top before, and two of the file afterwards",
                 3 * static_cast<std::uint64_t>(rounds), delivered);
}

}  // namespace
}  // namespace xpoll::test
