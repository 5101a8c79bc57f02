// SPDX-License-Identifier: GPL-2.0-only
// A wake-up races with arming a watch, or with a waiter that goes to sleep. Each round makes
// exactly one event and takes it, so a later event cannot hide a lost one.
#include <chrono>
#include <functional>

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

constexpr int kRounds = 1500;

class RaceArmTest : public EachBackend {
 protected:
  // In every round `fire` races with `arm`. Afterwards the event must be reported, whichever came
  // first. `settle` makes the watched file unready again. Returns the number of the round that lost
  // the event, or -1.
  int first_lost(int rounds, const std::function<void()>& arm, const std::function<void()>& fire,
                 const std::function<void()>& settle) {
    StartLine start(2);
    std::atomic<bool> stop{false};
    Thread firer([&] {
      for (start.meet(); !stop; start.meet()) fire();
    });
    int lost = -1;
    for (int round = 0; round < rounds && lost < 0; ++round) {
      start.meet();
      arm();
      if (!is_woken()) lost = round;
      settle();
    }
    stop = true;
    start.meet();
    firer.join();
    return lost;
  }

  // When its timeout expires, a wait checks the ready list again, so it finds an event even if its
  // wake-up was lost.
  bool is_woken() {
    using Clock = std::chrono::steady_clock;
    constexpr std::chrono::milliseconds kPatience = kDeadline;
    const auto start = Clock::now();
    epoll_event event;
    return backend_.wait(ep_.get(), &event, 1, static_cast<int>(kPatience.count())) == 1 &&
           Clock::now() - start < kPatience;
  }

  void SetUp() override {
    EachBackend::SetUp();
    if (!IsSkipped() && !HasFatalFailure()) ep_ = backend_.instance();
  }

  unique_fd ep_;
  const unique_fd eventfd_ = make_eventfd();
};
XPOLL_FOR_EACH_BACKEND(RaceArmTest);

// The post may come after the event was reported for it, so wait until the count is there, then
// take it.
void take_when_there(const unique_fd& eventfd) {
  eventfd_t count;
  wait_until("the count posted", [&] { return eventfd_read(eventfd.get(), &count) == 0; });
}

TEST_P(RaceArmTest, RearmOfAOneshotLosesNoWake) {
  constexpr std::uint32_t kOnce = EPOLLIN | EPOLLONESHOT;
  ASSERT_THAT(backend_.add(ep_.get(), eventfd_.get(), kOnce), SyscallSucceeds());
  post(eventfd_);
  ASSERT_THAT(backend_.ready(ep_.get()), Events(Event(eventfd_.get(), EPOLLIN)));
  take(eventfd_);
  EXPECT_EQ(first_lost(
                stress_rounds(kRounds), [&] { backend_.mod(ep_.get(), eventfd_.get(), kOnce); },
                [&] { post(eventfd_); }, [&] { take_when_there(eventfd_); }),
            -1);
}

TEST_P(RaceArmTest, RearmOfAOneshotSocketLosesNoData) {
  constexpr std::uint32_t kOnce = EPOLLIN | EPOLLONESHOT;
  const TcpPair pair = tcp_pair();
  ASSERT_THAT(backend_.add(ep_.get(), pair.server.get(), kOnce), SyscallSucceeds());
  write_all(pair.client, "x");
  ASSERT_THAT(backend_.ready(ep_.get(), -1), Events(Event(pair.server.get(), EPOLLIN)));
  drain(pair.server);
  EXPECT_EQ(
      first_lost(
          stress_rounds(kRounds / 2), [&] { backend_.mod(ep_.get(), pair.server.get(), kOnce); },
          [&] { write_all(pair.client, "x"); },
          [&] { wait_until("the byte", [&] { return drain(pair.server) > 0; }); }),
      -1);
}

TEST_P(RaceArmTest, ModThatWidensTheMaskLosesNoWake) {
  ASSERT_THAT(backend_.add(ep_.get(), eventfd_.get(), EPOLLET), SyscallSucceeds());
  EXPECT_EQ(first_lost(
                stress_rounds(kRounds),
                [&] { backend_.mod(ep_.get(), eventfd_.get(), EPOLLIN | EPOLLET); },
                [&] { post(eventfd_); },
                [&] {
                  take_when_there(eventfd_);
                  backend_.mod(ep_.get(), eventfd_.get(), EPOLLET);
                }),
            -1);
}

TEST_P(RaceArmTest, AddLosesNoWake) {
  EXPECT_EQ(first_lost(
                stress_rounds(kRounds),
                [&] { backend_.add(ep_.get(), eventfd_.get(), EPOLLIN | EPOLLET); },
                [&] { post(eventfd_); },
                [&] {
                  take_when_there(eventfd_);
                  backend_.del(ep_.get(), eventfd_.get());
                }),
            -1);
}

TEST_P(RaceArmTest, WaiterOnItsWayToSleepLosesNoWake) {
  ASSERT_THAT(backend_.add(ep_.get(), eventfd_.get(), EPOLLIN | EPOLLET), SyscallSucceeds());
  EXPECT_EQ(first_lost(
                stress_rounds(kRounds), [] {}, [&] { post(eventfd_); },
                [&] { take_when_there(eventfd_); }),
            -1);
}

TEST_P(RaceArmTest, WaiterOnItsWayToSleepLosesNoWakeOfANestedInstance) {
  const unique_fd inner = backend_.instance();
  ASSERT_THAT(backend_.add(inner.get(), eventfd_.get(), EPOLLIN), SyscallSucceeds());
  ASSERT_THAT(backend_.add(ep_.get(), inner.get(), EPOLLIN | EPOLLET), SyscallSucceeds());
  EXPECT_EQ(first_lost(
                stress_rounds(kRounds), [] {}, [&] { post(eventfd_); },
                [&] { take_when_there(eventfd_); }),
            -1);
}

}  // namespace
}  // namespace xpoll::test
