// SPDX-License-Identifier: GPL-2.0-only
// A scan has the ready list to itself for its time. Whoever looks meanwhile must not take what it
// finds for "nothing ready".
#include <poll.h>

#include <functional>
#include <list>

#include "util/descriptors.h"
#include "util/each_backend.h"
#include "util/eventfd.h"
#include "util/matchers.h"
#include "util/stress.h"
#include "util/thread.h"

namespace xpoll_test {
namespace {

constexpr int kRounds = 4000;

class RaceScanTest : public EachBackend {
 protected:
  void SetUp() override {
    EachBackend::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    ep_ = backend_.instance();
    ASSERT_THAT(backend_.add(ep_.get(), ready_.get(), EPOLLIN), SyscallSucceeds());
  }

  // How often `look` said that nothing is ready, out of so many looks each of several threads.
  int countEmpty(int threads, int rounds, const std::function<int()>& look) {
    std::atomic<int> empty{0};
    StartLine start(static_cast<unsigned>(threads));
    std::list<Thread> runners;
    for (int i = 0; i < threads; ++i) {
      runners.emplace_back([&] {
        start.meet();
        for (int round = stressRounds(rounds); round > 0; --round) {
          if (look() != 1) empty.fetch_add(1);
        }
      });
    }
    for (Thread& runner : runners) runner.join();
    return empty;
  }

  int waitNow() const {
    epoll_event event;
    return backend_.wait(ep_.get(), &event, 1, 0);
  }
  int pollNow() const {
    pollfd request{.fd = ep_.get(), .events = POLLIN, .revents = 0};
    return poll(&request, 1, 0);
  }

  Fd ep_;
  const Fd ready_ = makeEventfd(1);
};
XPOLL_FOR_EACH_BACKEND(RaceScanTest);

TEST_P(RaceScanTest, ZeroTimeoutIsNeverFalselyEmptyBesideOtherWaits) {
  if (differs(backend_, Difference::kFalseNothingReady))
    GTEST_SKIP() << "this kernel's epoll gets it wrong";
  EXPECT_EQ(countEmpty(3, kRounds, [this] { return waitNow(); }), 0);
}

// The crowd of the kernel's own epoll_wakeup_test, which has 64 threads wait 100,000 times each.
TEST_P(RaceScanTest, ZeroTimeoutIsNeverFalselyEmptyInACrowdOfWaits) {
  if (differs(backend_, Difference::kFalseNothingReady))
    GTEST_SKIP() << "this kernel's epoll gets it wrong";
  constexpr int kCrowd = 64;
  EXPECT_EQ(countEmpty(kCrowd, kRounds / 16, [this] { return waitNow(); }), 0);
}

TEST_P(RaceScanTest, ZeroTimeoutIsNeverFalselyEmptyBesidePolls) {
  if (differs(backend_, Difference::kFalseNothingReady))
    GTEST_SKIP() << "this kernel's epoll gets it wrong";
  std::atomic<bool> stop{false};
  Thread poller([&] {
    while (!stop) pollNow();
  });
  const SetAtExit stop_at_exit(stop);
  EXPECT_EQ(countEmpty(1, kRounds, [this] { return waitNow(); }), 0);
}

// What is not ready leaves the list, and what becomes ready before the scan is over waits beside
// it.
TEST_P(RaceScanTest, ZeroTimeoutSeesWhatBecameReadyDuringAScan) {
  if (differs(backend_, Difference::kFalseNothingReady))
    GTEST_SKIP() << "this kernel's epoll gets it wrong";
  std::atomic<bool> stop{false};
  Thread scanner([&] {
    while (!stop) waitNow();
  });
  const SetAtExit stop_at_exit(stop);
  int empty = 0;
  for (int round = stressRounds(kRounds); round > 0; --round) {
    take(ready_);
    post(ready_);
    empty += waitNow() != 1;
  }
  EXPECT_EQ(empty, 0);
}

TEST_P(RaceScanTest, PollIsNeverFalselyEmptyBesideWaits) {
  std::atomic<bool> stop{false};
  Thread waiter([&] {
    while (!stop) waitNow();
  });
  const SetAtExit stop_at_exit(stop);
  EXPECT_EQ(countEmpty(1, kRounds, [this] { return pollNow(); }), 0);
}

TEST_P(RaceScanTest, FiniteWaitIsNeverFalselyEmptyBesideOtherWaits) {
  EXPECT_EQ(countEmpty(3, kRounds,
                       [this] {
                         epoll_event event;
                         return backend_.wait(ep_.get(), &event, 1, 60'000);
                       }),
            0);
}

}  // namespace
}  // namespace xpoll_test
