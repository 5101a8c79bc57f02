// SPDX-License-Identifier: GPL-2.0-only
// The example BPF programs that choose the waiter to wake, built and loaded with libbpf.
#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "tools/util/checked.h"
#include "tools/util/descriptors.h"
#include "tools/util/sockets.h"
#include "tools/util/wake_program.h"
#include "util/matchers.h"
#include "util/wake_policy.h"
#include "util/worker_table.h"

namespace xpoll::test {
namespace {

WakeProgram load_example(const std::string& name) {
  return WakeProgram(
      std::filesystem::read_symlink("/proc/self/exe").replace_filename("wake/" + name + ".bpf.o"));
}

// Workers with the numbers 1, 2, ... that wait on one instance and start one after another.
class WakeExampleTest : public WakePolicyTest {
 protected:
  void start(const std::string& example, int count = kWorkers) {
    checked(set_program(ep_.get(), load_example(example).fd()), "XPOLL_IOC_WAKE");
    for (int i = 0; i < count; ++i) workers_.push_back(worker(i));
  }
  std::unique_ptr<Worker> worker(int i) {
    return std::make_unique<Worker>(ep_.get(), -1, static_cast<std::uint32_t>(i + 1));
  }

  // Returns the worker that took the event, counted from 0. It then waits again, behind the others.
  int taker(const unique_fd& sender) {
    const std::uint64_t one = 1;
    const int taken = WakePolicyTest::taker(workers_, [&] {
      checked(static_cast<int>(write(sender.get(), &one, sizeof(one))), "write");
    });
    workers_[taken] = worker(taken);
    return taken;
  }

  unique_fd ep_ = backend_.instance();
  Workers workers_;
};

class LeastLoadedExampleTest : public WakeExampleTest {
 protected:
  LeastLoadedExampleTest() { edge_watch(ep_.get(), eventfd_); }

  unique_fd eventfd_ = make_eventfd();
};

TEST_F(LeastLoadedExampleTest, WakesTheSmallestLoad) {
  start("least_loaded");
  WorkerTable table(ep_.get());
  const std::vector<std::uint64_t> loads{5, 3, UINT64_MAX, 4};
  for (int i = 0; i < kWorkers; ++i) table[i + 1].load = loads[i];
  for (const int expected : {1, 3, 0, 2}) {
    EXPECT_EQ(taker(eventfd_), expected);
    table[expected + 1].load = UINT64_MAX;
  }
}

TEST_F(LeastLoadedExampleTest, WakesEqualLoadsInTurn) {
  start("least_loaded");
  for (int i = 0; i < 2 * kWorkers; ++i) EXPECT_EQ(taker(eventfd_), i % kWorkers);
}

TEST_F(LeastLoadedExampleTest, ComparesAsManyAsThereCanBe) {
  start("least_loaded", XPOLL_CANDIDATES_MAX);
  WorkerTable table(ep_.get());
  for (int i = 1; i < XPOLL_CANDIDATES_MAX; ++i) table[i].load = 1;
  EXPECT_EQ(taker(eventfd_), XPOLL_CANDIDATES_MAX - 1);
}

class StickyExampleTest : public WakeExampleTest {
 protected:
  StickyExampleTest() {
    for (const TcpPair& flow : flows_) edge_watch(ep_.get(), flow.server);
  }

  // The worker that takes an event of each flow.
  std::vector<int> takers() {
    std::vector<int> taken;
    for (const TcpPair& flow : flows_) taken.push_back(taker(flow.client));
    return taken;
  }

  static std::vector<TcpPair> make_flows() {
    // So many flows that they cannot all map to one worker by chance.
    constexpr int kFlows = 16;
    std::vector<TcpPair> flows(kFlows);
    std::generate(flows.begin(), flows.end(), tcp_pair);
    return flows;
  }

  const std::vector<TcpPair> flows_ = make_flows();
};

// After each event, another worker is the first candidate.
TEST_F(StickyExampleTest, SendsAFlowToTheSameWorkerWhateverTheOrder) {
  start("sticky");
  const std::vector<int> first = takers();
  EXPECT_GT(std::set<int>(first.begin(), first.end()).size(), 1U);
  EXPECT_EQ(takers(), first);
  EXPECT_EQ(takers(), first);
}

TEST_F(StickyExampleTest, SendsToOthersOnlyTheFlowsOfTheWorkerThatIsAway) {
  start("sticky");
  const std::vector<int> before = takers();
  const int away = before.front();
  workers_[away] = nullptr;
  const std::vector<int> meanwhile = takers();
  for (std::size_t i = 0; i < before.size(); ++i) {
    EXPECT_NE(meanwhile[i], away);
    if (before[i] != away) EXPECT_EQ(meanwhile[i], before[i]);
  }
  workers_[away] = worker(away);
  EXPECT_EQ(takers(), before);
}

TEST_F(StickyExampleTest, LeavesWhatIsNoFlowToTheOneThatWaitedLongest) {
  const unique_fd eventfd = make_eventfd();
  edge_watch(ep_.get(), eventfd);
  start("sticky");
  for (int i = 0; i < 2 * kWorkers; ++i) EXPECT_EQ(taker(eventfd), i % kWorkers);
}

}  // namespace
}  // namespace xpoll::test
