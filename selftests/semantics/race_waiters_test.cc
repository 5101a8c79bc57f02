// SPDX-License-Identifier: GPL-2.0-only
// Many waiters that come and go by timeouts and kills, and a producer that makes one event at a
// time and waits until it is taken. If an event is lost, no waiter takes it and the producer's wait
// fails.
#include <poll.h>

#include <atomic>
#include <chrono>
#include <ctime>
#include <list>

#include "tools/util/descriptors.h"
#include "tools/util/eventfd.h"
#include "tools/util/wait_until.h"
#include "util/each_backend.h"
#include "util/matchers.h"
#include "util/process.h"
#include "util/stress.h"
#include "util/thread.h"

namespace xpoll::test {
namespace {

class RaceWaitersTest : public EachBackend {
 protected:
  void SetUp() override {
    EachBackend::SetUp();
    if (!IsSkipped() && !HasFatalFailure()) ep_ = backend_.instance();
  }

  unique_fd ep_;
  const unique_fd eventfd_ = make_eventfd();
};
XPOLL_FOR_EACH_BACKEND(RaceWaitersTest);

bool is_readable(const unique_fd& fd) {
  pollfd request{.fd = fd.get(), .events = POLLIN, .revents = 0};
  return checked(poll(&request, 1, 0), "poll") == 1;
}

TEST_P(RaceWaitersTest, OneEventAtATimeReachesOneOfManyShortWaits) {
  constexpr int kWaiters = 8;
  ASSERT_THAT(backend_.add(ep_.get(), eventfd_.get(), EPOLLIN | EPOLLET), SyscallSucceeds());
  std::atomic<int> taken{0};
  std::atomic<bool> stop{false};
  std::list<Thread> waiters;
  for (int i = 0; i < kWaiters; ++i) {
    waiters.emplace_back([&] {
      epoll_event event;
      while (!stop) {
        if (backend_.wait(ep_.get(), &event, 1, 1) == 1) taken.fetch_add(1);
      }
    });
  }
  const SetAtExit stop_at_exit(stop);
  const int events = stress_rounds(500);
  for (int sent = 1; sent <= events; ++sent) {
    post(eventfd_);
    wait_until("the event taken", [&] { return taken.load() >= sent; });
  }
  stop = true;
  for (Thread& waiter : waiters) waiter.join();
  EXPECT_EQ(taken, events);
}

TEST_P(RaceWaitersTest, WaiterThatTimesOutAsItIsWokenPassesTheWakeOn) {
  // If the waiter that times out swallows the wake-up, the other one sleeps on with the event in
  // the list. A waiter that finds the event only when its own timeout expires was not woken either.
  using Clock = std::chrono::steady_clock;
  constexpr std::chrono::milliseconds kPatience = kDeadline / 2;
  ASSERT_THAT(backend_.add(ep_.get(), eventfd_.get(), EPOLLIN | EPOLLET), SyscallSucceeds());
  std::atomic<bool> stop{false};
  std::atomic<bool> lost{false};
  std::atomic<int> taken{0};
  std::atomic<int> back{0};
  StartLine start(3);
  timespec short_time{};
  Thread patient([&] {
    epoll_event event;
    for (start.meet(); !stop; start.meet()) {
      const auto begin = Clock::now();
      const int count = backend_.wait(ep_.get(), &event, 1, static_cast<int>(kPatience.count()));
      if (count == 1 && Clock::now() - begin < kPatience) {
        taken.fetch_add(1);
      } else {
        lost = true;
      }
      back.fetch_add(1);
    }
  });
  Thread hasty([&] {
    epoll_event event;
    for (start.meet(); !stop; start.meet()) {
      if (backend_.pwait2(ep_.get(), &event, 1, &short_time, nullptr) == 1) taken.fetch_add(1);
      back.fetch_add(1);
    }
  });
  for (int round = stress_rounds(300); round > 0 && !lost; --round) {
    // Aim at the moment of expiry: the post comes shortly before or after it.
    const timespec aim{.tv_sec = 0, .tv_nsec = 1'100'000};
    short_time.tv_nsec = 1'000'000 + round % 32 * 10'000;
    taken = 0;
    back = 0;
    start.meet();
    nanosleep(&aim, nullptr);
    post(eventfd_);
    wait_until("the event taken", [&] { return taken >= 1 || lost; });
    // The waiter that did not take the event must return too.
    wait_until("both back", [&] {
      if (back < 2) post(eventfd_);
      return back == 2;
    });
    backend_.ready(ep_.get());
  }
  stop = true;
  start.meet();
  patient.join();
  hasty.join();
  EXPECT_FALSE(lost);
}

TEST_P(RaceWaitersTest, KilledWaitersLoseNoEvent) {
  constexpr std::size_t kWaiters = 4;
  // Level-triggered, since a process may be killed after it got the event and before it read the
  // count.
  ASSERT_THAT(backend_.add(ep_.get(), eventfd_.get(), EPOLLIN), SyscallSucceeds());
  const auto consume = [&] {
    epoll_event event;
    eventfd_t count;
    for (;;) {
      if (backend_.wait(ep_.get(), &event, 1, 1) == 1) eventfd_read(eventfd_.get(), &count);
    }
    return 0;
  };
  std::list<Process> waiters;
  for (std::size_t i = 0; i < kWaiters; ++i) waiters.emplace_back(consume);
  for (int round = stress_rounds(100); round > 0; --round) {
    post(eventfd_);
    waiters.pop_front();
    waiters.emplace_back(consume);
    wait_until("the event taken", [&] { return !is_readable(eventfd_); });
  }
}

}  // namespace
}  // namespace xpoll::test
