// SPDX-License-Identifier: GPL-2.0-only
// A waiter that is killed between its wake-up and its scan.
#include <sched.h>

#include <chrono>
#include <csignal>

#include "tools/util/descriptors.h"
#include "tools/util/eventfd.h"
#include "tools/util/wait_until.h"
#include "util/difference.h"
#include "util/each_backend.h"
#include "util/fault_gate.h"
#include "util/matchers.h"
#include "util/process.h"
#include "util/requires.h"
#include "util/sleep_watch.h"
#include "util/task_state.h"
#include "util/waiter.h"

namespace xpoll::test {
namespace {

// Until this thread sleeps, no child that it forks runs: all share one processor, and this thread
// has real-time priority.
class OneProcessor {
 public:
  OneProcessor() {
    checked(sched_getaffinity(0, sizeof(old_), &old_), "sched_getaffinity");
    cpu_set_t here;
    CPU_ZERO(&here);
    CPU_SET(static_cast<unsigned>(sched_getcpu()), &here);
    checked(sched_setaffinity(0, sizeof(here), &here), "sched_setaffinity");
    const sched_param first{.sched_priority = 1};
    checked(sched_setscheduler(0, SCHED_FIFO | SCHED_RESET_ON_FORK, &first), "sched_setscheduler");
  }
  OneProcessor(const OneProcessor&) = delete;
  OneProcessor& operator=(const OneProcessor&) = delete;
  ~OneProcessor() {
    const sched_param usual{};
    sched_setscheduler(0, SCHED_OTHER, &usual);
    sched_setaffinity(0, sizeof(old_), &old_);
  }

 private:
  cpu_set_t old_;
};

class KilledWaiterTest : public EachBackend {
 protected:
  void SetUp() override {
    EachBackend::SetUp();
    if (geteuid() != 0) GTEST_SKIP() << "needs root, for a real-time priority";
  }
};
XPOLL_FOR_EACH_BACKEND(KilledWaiterTest);

TEST_P(KilledWaiterTest, PassesItsWakeUpOnWithXpollOnly) {
  const unique_fd ep = backend_.instance();
  const unique_fd eventfd = make_eventfd();
  ASSERT_THAT(backend_.add(ep.get(), eventfd.get(), EPOLLIN | EPOLLET), SyscallSucceeds());
  Waiter other(backend_, ep.get());
  const SleepWatch sleep(other.tid());
  {
    const OneProcessor ours;
    Process victim([&] {
      epoll_event event;
      return backend_.wait(ep.get(), &event, 1, -1);
    });
    // The waiter that went to sleep last is woken first.
    victim.wait_until_asleep_in_wait();
    post(eventfd);
    checked(kill(victim.pid(), SIGKILL), "kill");
    EXPECT_TRUE(sleep.undisturbed());
    EXPECT_EQ(victim.join_killed(), SIGKILL);
  }
  const bool slept_on = sleep.undisturbed();
  EXPECT_EQ(slept_on, !differs(backend_, Difference::kKilledWaiterPassesItsWakeOn));
  if (slept_on) post(eventfd);
  EXPECT_THAT(other.join(), SyscallSucceedsWithValue(1));
}

class HastyWaiterTest : public EachBackend {
 protected:
  // Returns false if the time was over before the event came, so that nothing was tested.
  bool event_comes_in_time() const {
    using Clock = std::chrono::steady_clock;
    // Shorter than the second of which real-time priority may use 95 %.
    constexpr std::chrono::milliseconds kTimeout{300};
    constexpr std::chrono::milliseconds kSlack{10};
    const unique_fd ep = backend_.instance();
    const unique_fd eventfd = make_eventfd();
    checked(backend_.add(ep.get(), eventfd.get(), EPOLLIN | EPOLLET), "add");
    Waiter patient(backend_, ep.get());
    const SleepWatch sleep(patient.tid());
    int taken = 0;
    bool in_time = false;
    {
      const OneProcessor ours;
      const auto begin = Clock::now();
      Process hasty([&] {
        epoll_event event;
        return backend_.wait(ep.get(), &event, 1, static_cast<int>(kTimeout.count()));
      });
      wait_until("the hasty waiter asleep, or late",
                 [&] { return is_asleep_in_wait(hasty.pid()) || Clock::now() > begin + kTimeout; });
      post(eventfd);
      in_time = Clock::now() < begin + kTimeout;
      // The woken waiter can't run before its timer has expired too.
      const auto over = Clock::now() + kTimeout + kSlack;
      while (Clock::now() < over) continue;
      taken = hasty.join();
    }
    const bool slept_on = sleep.undisturbed();
    EXPECT_EQ(taken == 1, slept_on) << "one of the two must have been given the event";
    if (slept_on) post(eventfd);
    EXPECT_THAT(patient.join(), SyscallSucceedsWithValue(1));
    return in_time;
  }
};
XPOLL_FOR_EACH_BACKEND(HastyWaiterTest);

TEST_P(HastyWaiterTest, TakesTheEventThatWokeItThoughItsTimeIsOver) {
  constexpr int kAttempts = 5;
  for (int i = 0; i < kAttempts && !HasFailure(); ++i)
    if (event_comes_in_time()) return;
  GTEST_SKIP() << "the waiter's time was always over before the event came";
}

class EmptyScanTest : public EachBackend {};
XPOLL_FOR_EACH_BACKEND(EmptyScanTest);

TEST_P(EmptyScanTest, EventThatArrivesDuringAScanThatFindsNothingEndsTheWait) {
  XPOLL_REQUIRE(FaultGate::available(), "userfaultfd");
  const unique_fd outer = backend_.instance();
  const unique_fd inner = backend_.instance();
  const unique_fd early = make_eventfd();
  const unique_fd late = make_eventfd();
  ASSERT_THAT(backend_.add(inner.get(), early.get(), EPOLLIN | EPOLLET), SyscallSucceeds());
  ASSERT_THAT(backend_.add(outer.get(), inner.get(), EPOLLIN), SyscallSucceeds());
  ASSERT_THAT(backend_.add(outer.get(), late.get(), EPOLLIN | EPOLLET), SyscallSucceeds());
  post(early);
  FaultGate gate;
  Waiter below(backend_, inner.get(), gate.array_gated_at(0), 1);
  gate.wait_until_reached();
  // Its scan stops at the inner instance, whose own scan takes the ready item there.
  Waiter above(backend_, outer.get());
  wait_until("the outer scan waits", [&] { return above.returned() || is_asleep(above.tid()); });
  post(late);
  gate.open();
  EXPECT_THAT(below.join(), SyscallSucceedsWithValue(1));
  EXPECT_THAT(above.join(), SyscallSucceedsWithValue(1));
  EXPECT_THAT(above.events(), Events(Event(late.get(), EPOLLIN)));
}

}  // namespace
}  // namespace xpoll::test
