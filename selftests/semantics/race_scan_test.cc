// SPDX-License-Identifier: GPL-2.0-only
// A scan owns the ready list while it runs. Meanwhile other tasks must not report "nothing ready".
#include <poll.h>

#include <functional>
#include <list>

#include "tools/util/descriptors.h"
#include "tools/util/eventfd.h"
#include "util/difference.h"
#include "util/each_backend.h"
#include "util/matchers.h"
#include "util/stress.h"
#include "util/thread.h"

namespace xpoll::test {
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

  // Runs `look` `rounds` times in each of several threads. Returns how often it found nothing
  // ready.
  int count_empty(int threads, int rounds, const std::function<int()>& look) {
    std::atomic<int> empty{0};
    StartLine start(static_cast<unsigned>(threads));
    std::list<Thread> runners;
    for (int i = 0; i < threads; ++i) {
      runners.emplace_back([&] {
        start.meet();
        for (int round = stress_rounds(rounds); round > 0; --round) {
          if (look() != 1) empty.fetch_add(1);
        }
      });
    }
    for (Thread& runner : runners) runner.join();
    return empty;
  }

  int wait_now() const {
    epoll_event event;
    return backend_.wait(ep_.get(), &event, 1, 0);
  }
  int poll_now() const {
    pollfd request{.fd = ep_.get(), .events = POLLIN, .revents = 0};
    return poll(&request, 1, 0);
  }

  unique_fd ep_;
  const unique_fd ready_ = make_eventfd(1);
};
XPOLL_FOR_EACH_BACKEND(RaceScanTest);

TEST_P(RaceScanTest, ZeroTimeoutIsNeverFalselyEmptyBesideOtherWaits) {
  if (differs(backend_, Difference::kFalseNothingReady))
    GTEST_SKIP() << "this kernel's epoll gets it wrong";
  EXPECT_EQ(count_empty(3, kRounds, [this] { return wait_now(); }), 0);
}

// The load of the kernel's epoll_wakeup_test, in which 64 threads wait 100,000 times each.
TEST_P(RaceScanTest, ZeroTimeoutIsNeverFalselyEmptyInACrowdOfWaits) {
  if (differs(backend_, Difference::kFalseNothingReady))
    GTEST_SKIP() << "this kernel's epoll gets it wrong";
  constexpr int kCrowd = 64;
  EXPECT_EQ(count_empty(kCrowd, kRounds / 16, [this] { return wait_now(); }), 0);
}

TEST_P(RaceScanTest, ZeroTimeoutIsNeverFalselyEmptyBesidePolls) {
  if (differs(backend_, Difference::kFalseNothingReady))
    GTEST_SKIP() << "this kernel's epoll gets it wrong";
  std::atomic<bool> stop{false};
  Thread poller([&] {
    while (!stop) poll_now();
  });
  const SetAtExit stop_at_exit(stop);
  EXPECT_EQ(count_empty(1, kRounds, [this] { return wait_now(); }), 0);
}

// Items that are not ready leave the list. Items that become ready before the scan ends go to the
// overflow list.
TEST_P(RaceScanTest, ZeroTimeoutSeesWhatBecameReadyDuringAScan) {
  if (differs(backend_, Difference::kFalseNothingReady))
    GTEST_SKIP() << "this kernel's epoll gets it wrong";
  std::atomic<bool> stop{false};
  Thread scanner([&] {
    while (!stop) wait_now();
  });
  const SetAtExit stop_at_exit(stop);
  int empty = 0;
  for (int round = stress_rounds(kRounds); round > 0; --round) {
    take(ready_);
    post(ready_);
    empty += wait_now() != 1;
  }
  EXPECT_EQ(empty, 0);
}

TEST_P(RaceScanTest, PollIsNeverFalselyEmptyBesideWaits) {
  std::atomic<bool> stop{false};
  Thread waiter([&] {
    while (!stop) wait_now();
  });
  const SetAtExit stop_at_exit(stop);
  EXPECT_EQ(count_empty(1, kRounds, [this] { return poll_now(); }), 0);
}

TEST_P(RaceScanTest, FiniteWaitIsNeverFalselyEmptyBesideOtherWaits) {
  EXPECT_EQ(count_empty(3, kRounds,
                        [this] {
                          epoll_event event;
                          return backend_.wait(ep_.get(), &event, 1, 60'000);
                        }),
            0);
}

}  // namespace
}  // namespace xpoll::test
