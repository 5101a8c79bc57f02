// SPDX-License-Identifier: GPL-2.0-only
// The wait of XPOLL_IOC_ENTER: timeouts, signals, the minimum of events.
#include <chrono>
#include <csignal>
#include <cstring>
#include <memory>
#include <vector>

#include "tools/util/descriptors.h"
#include "tools/util/eventfd.h"
#include "tools/util/wait_until.h"
#include "util/each_backend.h"
#include "util/enter.h"
#include "util/guarded_memory.h"
#include "util/kernel_version.h"
#include "util/matchers.h"
#include "util/signals.h"
#include "util/sleep_count.h"
#include "util/stats.h"
#include "util/thread.h"
#include "util/waiter.h"

namespace xpoll::test {
namespace {

using Clock = std::chrono::steady_clock;  // CLOCK_MONOTONIC
using std::chrono::milliseconds;
using std::chrono::nanoseconds;

constexpr std::int64_t kForever = -1;

std::atomic<int> handled{0};
void handle(int) { handled.fetch_add(1); }

// Makes one call in a thread.
class Entering {
 public:
  explicit Entering(Enter& call)
      : thread_([this, &call] {
          const sigset_t before = blocked_signals();
          result_ = call.call();
          error_ = errno;
          const sigset_t after = blocked_signals();
          mask_is_back_ = std::memcmp(&before, &after, sizeof(before)) == 0;
        }) {}

  void wait_until_asleep() const { thread_.wait_until_asleep_in_wait(); }
  void signal(int number) { thread_.signal(number); }
  int join() {
    thread_.join();
    errno = error_;
    return result_;
  }
  // After join(): whether the thread had the same signal mask before and after the call.
  bool mask_is_back() const { return mask_is_back_; }

 private:
  int result_ = 0;
  int error_ = 0;
  bool mask_is_back_ = false;
  Thread thread_;
};

class EnterWaitTest : public XpollOnly {
 protected:
  // Watches `count` idle eventfds, whose data are their indices.
  void watch(std::size_t count, std::uint32_t events = EPOLLIN) {
    for (std::size_t i = 0; i < count; ++i) {
      fds_.push_back(make_eventfd());
      ASSERT_THAT(backend_.add(ep_.get(), fds_.back().get(), events, i), SyscallSucceeds());
    }
  }

  const unique_fd ep_{backend_.create1(EPOLL_CLOEXEC)};
  std::vector<unique_fd> fds_;
  Enter call_{ep_.get()};
  struct xpoll_enter& arguments_ = call_.arguments;
};

TEST_F(EnterWaitTest, WithoutChangesItWaits) {
  watch(1);
  arguments_.timeout_ns = kForever;
  Entering sleeper(call_);
  sleeper.wait_until_asleep();
  post(fds_[0]);
  EXPECT_THAT(sleeper.join(), SyscallSucceedsWithValue(1));
  EXPECT_THAT(call_.events(), Events(Event(0, EPOLLIN)));
}

TEST_F(EnterWaitTest, ItWaitsForWhatItHasAdded) {
  const unique_fd later = make_eventfd();
  call_.changes = {change_of(EPOLL_CTL_ADD, later.get(), EPOLLIN | EPOLLONESHOT)};
  arguments_.timeout_ns = kForever;
  Entering sleeper(call_);
  sleeper.wait_until_asleep();
  // what the change came to is told before the wait
  EXPECT_EQ(call_.changes[0].result, 0);
  EXPECT_EQ(arguments_.done, 1U);
  post(later);
  EXPECT_THAT(sleeper.join(), SyscallSucceedsWithValue(1));
}

TEST_F(EnterWaitTest, ARelativeTimeoutIsNotShorterThanAsked) {
  constexpr nanoseconds kSpan = milliseconds(3) + nanoseconds(1);
  arguments_.timeout_ns = kSpan.count();
  const auto start = Clock::now();
  EXPECT_THAT(call_.call(), SyscallSucceedsWithValue(0));
  EXPECT_GE(Clock::now() - start, kSpan);
}

TEST_F(EnterWaitTest, AnAbsoluteTimeoutEndsNotBeforeItsTime) {
  const auto end = Clock::now() + milliseconds(3);
  arguments_.flags = XPOLL_ENTER_ABSTIME;
  arguments_.timeout_ns = nanoseconds(end.time_since_epoch()).count();
  EXPECT_THAT(call_.call(), SyscallSucceedsWithValue(0));
  EXPECT_GE(Clock::now(), end);
}

TEST_F(EnterWaitTest, AnAbsoluteTimeoutInThePastDoesNotSleep) {
  arguments_.flags = XPOLL_ENTER_ABSTIME;
  arguments_.timeout_ns = nanoseconds(Clock::now().time_since_epoch()).count();
  const long sleeps = sleeps_of_this_thread();
  EXPECT_THAT(call_.call(), SyscallSucceedsWithValue(0));
  EXPECT_EQ(sleeps_of_this_thread(), sleeps);
}

class EnterSignalTest : public EnterWaitTest {
 public:
  EnterSignalTest(const EnterSignalTest&) = delete;
  EnterSignalTest& operator=(const EnterSignalTest&) = delete;
  EnterSignalTest() {
    struct sigaction action {};
    action.sa_handler = handle;
    action.sa_flags = SA_RESTART;
    checked(sigaction(SIGUSR1, &action, &old_action_), "sigaction");
    sigset_t block;
    sigemptyset(&block);
    sigaddset(&block, SIGUSR1);
    pthread_sigmask(SIG_BLOCK, &block, &old_mask_);
    handled = 0;
    sigemptyset(&nothing_);
    arguments_.sigmask = address(&nothing_);
    arguments_.sigsetsize = 8;
    arguments_.timeout_ns = kForever;
  }
  ~EnterSignalTest() override {
    sigset_t usr1;
    sigemptyset(&usr1);
    sigaddset(&usr1, SIGUSR1);
    const timespec now{};
    while (sigtimedwait(&usr1, nullptr, &now) > 0) continue;
    pthread_sigmask(SIG_SETMASK, &old_mask_, nullptr);
    sigaction(SIGUSR1, &old_action_, nullptr);
  }

 protected:
  sigset_t nothing_{};
  const unique_fd idle_ = make_eventfd();

 private:
  struct sigaction old_action_ {};
  sigset_t old_mask_{};
};

TEST_F(EnterSignalTest, ASignalThatTheMaskLetsInIsEintrAndTheResultsAreThere) {
  call_.changes = {change_of(EPOLL_CTL_ADD, idle_.get(), EPOLLIN),
                   change_of(EPOLL_CTL_ADD, idle_.get(), EPOLLIN)};
  pthread_kill(pthread_self(), SIGUSR1);
  EXPECT_THAT(call_.call(), SyscallFailsWithErrno(EINTR));
  EXPECT_EQ(handled, 1);
  EXPECT_TRUE(is_blocked(SIGUSR1));
  EXPECT_THAT(call_.results(), testing::ElementsAre(0, -EEXIST));
  EXPECT_EQ(arguments_.done, 2U);
  EXPECT_EQ(arguments_.failed, 1U);
}

TEST_F(EnterSignalTest, WithRestartASignalThatTheMaskLetsInIsEintrToo) {
  arguments_.flags = XPOLL_ENTER_RESTART;
  pthread_kill(pthread_self(), SIGUSR1);
  EXPECT_THAT(call_.call(), SyscallFailsWithErrno(EINTR));
  EXPECT_EQ(handled, 1);
  EXPECT_TRUE(is_blocked(SIGUSR1));
}

TEST_F(EnterSignalTest, WhatTheChangesFoundReadyBeatsASignal) {
  const unique_fd ready = make_eventfd(1);
  for (const std::uint32_t events : {0U + EPOLLIN, EPOLLIN | EPOLLONESHOT}) {
    call_.changes = {change_of(XPOLL_CTL_UPSERT, ready.get(), events)};
    pthread_kill(pthread_self(), SIGUSR1);
    EXPECT_THAT(call_.call(), SyscallSucceedsWithValue(1));
    EXPECT_EQ(handled, 0);
    EXPECT_TRUE(is_blocked(SIGUSR1));
  }
}

TEST_F(EnterSignalTest, ASignalDoesNotKeepChangesFromBeingMade) {
  for (int i = 0; i < 100; ++i) call_.changes.push_back(change_of(EPOLL_CTL_DEL, idle_.get()));
  pthread_kill(pthread_self(), SIGUSR1);
  EXPECT_THAT(call_.call(), SyscallFailsWithErrno(EINTR));
  EXPECT_EQ(arguments_.done, 100U);
}

TEST_F(EnterSignalTest, ASignalEndsASleepAndTheMaskIsBack) {
  watch(2);
  for (const unsigned minimum : {1U, 2U}) {
    handled = 0;
    arguments_.minevents = minimum;
    Entering sleeper(call_);
    sleeper.wait_until_asleep();
    sleeper.signal(SIGUSR1);
    EXPECT_THAT(sleeper.join(), SyscallFailsWithErrno(EINTR));
    EXPECT_TRUE(sleeper.mask_is_back());
    EXPECT_EQ(handled, 1);
  }
}

TEST_F(EnterSignalTest, BelowTheMinimumASignalReturnsWhatIsReady) {
  watch(2);
  post(fds_[1]);
  arguments_.minevents = 2;
  Entering sleeper(call_);
  sleeper.wait_until_asleep();
  sleeper.signal(SIGUSR1);
  EXPECT_THAT(sleeper.join(), SyscallSucceedsWithValue(1));
  EXPECT_THAT(call_.events(), Events(Event(1, EPOLLIN)));
}

// The minimum of events.

class EnterMinimumTest : public EnterWaitTest {
 protected:
  void ask(unsigned minimum) {
    arguments_.minevents = minimum;
    arguments_.timeout_ns = kForever;
  }
};

TEST_F(EnterMinimumTest, AsManyAsAskedForAreDeliveredTogether) {
  for (const std::uint32_t events : {0U, 0U + EPOLLET, 0U + EPOLLONESHOT}) {
    fds_.clear();
    watch(3, EPOLLIN | events);
    ask(3);
    Entering sleeper(call_);
    for (const unique_fd& fd : fds_) {
      sleeper.wait_until_asleep();
      post(fd);
    }
    EXPECT_THAT(sleeper.join(), SyscallSucceedsWithValue(3));
    EXPECT_THAT(call_.events(), Events(Event(0, EPOLLIN), Event(1, EPOLLIN), Event(2, EPOLLIN)));
  }
}

TEST_F(EnterMinimumTest, ASleeperIsNotWokenBelowIt) {
  watch(3);
  ask(3);
  long sleeps = -1;
  Thread sleeper([&] {
    const long before = sleeps_of_this_thread();
    EXPECT_EQ(call_.call(), 3);
    sleeps = sleeps_of_this_thread() - before;
  });
  for (const unique_fd& fd : fds_) {
    sleeper.wait_until_asleep_in_wait();
    post(fd);
  }
  sleeper.join();
  if (!kernel_sleeps_for_spinlocks()) EXPECT_EQ(sleeps, 1);
}

TEST_F(EnterMinimumTest, OneWatchThatIsWokenOftenIsStillOne) {
  watch(2);
  ask(2);
  Entering sleeper(call_);
  for (int i = 0; i < 10; ++i) {
    sleeper.wait_until_asleep();
    post(fds_[0]);
  }
  sleeper.wait_until_asleep();
  post(fds_[1]);
  EXPECT_THAT(sleeper.join(), SyscallSucceedsWithValue(2));
}

// A level-triggered watch stays on the ready list until somebody finds that it is not ready.
TEST_F(EnterMinimumTest, AWatchThatIsNoLongerReadyDoesNotCount) {
  watch(2);
  post(fds_[0]);
  ASSERT_EQ(backend_.ready(ep_.get()).size(), 1U);
  take(fds_[0]);
  ask(2);
  Entering sleeper(call_);
  sleeper.wait_until_asleep();
  post(fds_[1]);
  sleeper.wait_until_asleep();
  post(fds_[0]);
  EXPECT_THAT(sleeper.join(), SyscallSucceedsWithValue(2));
}

TEST_F(EnterMinimumTest, MoreThanItAreDeliveredIfThereAreMore) {
  watch(5);
  for (const unique_fd& fd : fds_) post(fd);
  ask(2);
  EXPECT_THAT(call_.call(), SyscallSucceedsWithValue(5));
}

TEST_F(EnterMinimumTest, TheEventsOfChangesCount) {
  const unique_fd ready = make_eventfd(1);
  watch(1);
  call_.changes = {change_of(EPOLL_CTL_ADD, ready.get(), EPOLLIN | EPOLLONESHOT, 9)};
  ask(2);
  Entering sleeper(call_);
  sleeper.wait_until_asleep();
  post(fds_[0]);
  EXPECT_THAT(sleeper.join(), SyscallSucceedsWithValue(2));
  EXPECT_THAT(call_.events(), Events(Event(9, EPOLLIN), Event(0, EPOLLIN)));
}

TEST_F(EnterMinimumTest, WhenTheTimeoutExpiresWhatIsReadyIsReturned) {
  watch(2);
  ask(2);
  arguments_.timeout_ns = nanoseconds(milliseconds(3)).count();
  const auto start = Clock::now();
  EXPECT_THAT(call_.call(), SyscallSucceedsWithValue(0));
  post(fds_[1]);
  EXPECT_THAT(call_.call(), SyscallSucceedsWithValue(1));
  EXPECT_GE(Clock::now() - start, 2 * milliseconds(3));
  EXPECT_THAT(call_.events(), Events(Event(1, EPOLLIN)));
}

TEST_F(EnterMinimumTest, WithTimeoutZeroItIsWhatIsReady) {
  watch(2);
  post(fds_[0]);
  arguments_.minevents = 2;
  EXPECT_THAT(call_.call(), SyscallSucceedsWithValue(1));
}

TEST_F(EnterMinimumTest, AfterItsTimeOneIsEnough) {
  watch(2);
  post(fds_[0]);
  ask(2);
  arguments_.min_wait_ns = static_cast<std::uint64_t>(nanoseconds(milliseconds(3)).count());
  const auto start = Clock::now();
  EXPECT_THAT(call_.call(), SyscallSucceedsWithValue(1));
  EXPECT_GE(Clock::now() - start, milliseconds(3));
}

TEST_F(EnterMinimumTest, AfterItsTimeAnEmptyWaitGoesOn) {
  watch(2);
  ask(2);
  arguments_.min_wait_ns = 1;
  Entering sleeper(call_);
  sleeper.wait_until_asleep();
  post(fds_[0]);
  EXPECT_THAT(sleeper.join(), SyscallSucceedsWithValue(1));
}

TEST_F(EnterMinimumTest, ItsTimeMayBeLongerThanTheTimeoutOrAnyTime) {
  watch(2);
  post(fds_[0]);
  ask(2);
  arguments_.timeout_ns = nanoseconds(milliseconds(2)).count();
  for (const std::uint64_t wait : {std::uint64_t{1} << 40, ~std::uint64_t{0}}) {
    arguments_.min_wait_ns = wait;
    EXPECT_THAT(call_.call(), SyscallSucceedsWithValue(1));
  }
}

TEST_F(EnterMinimumTest, BelowItTheEventGoesToAnotherWaiter) {
  watch(2);
  ask(2);
  Entering several(call_);
  several.wait_until_asleep();
  for (int i = 0; i < 3; ++i) {
    Waiter one(backend_, ep_.get());
    one.wait_until_asleep();
    post(fds_[0]);
    EXPECT_THAT(one.join(), SyscallSucceedsWithValue(1));
    take(fds_[0]);
  }
  // also if the one who is content with less came first
  Waiter one(backend_, ep_.get());
  one.wait_until_asleep();
  post(fds_[1]);
  EXPECT_THAT(one.join(), SyscallSucceedsWithValue(1));
  post(fds_[0]);
  EXPECT_THAT(several.join(), SyscallSucceedsWithValue(2));
}

TEST_F(EnterMinimumTest, AWaiterThatComesLaterFindsWhatIsReady) {
  watch(2);
  ask(2);
  Entering several(call_);
  several.wait_until_asleep();
  post(fds_[0]);
  EXPECT_THAT(backend_.ready(ep_.get(), -1), Events(Event(0, EPOLLIN)));
  post(fds_[1]);
  EXPECT_THAT(several.join(), SyscallSucceedsWithValue(2));
}

// Each looks at the ready list when the other does, and neither must wake the other for that.
TEST_F(EnterMinimumTest, TwoBelowItBothSleep) {
  watch(4);
  post(fds_[0]);
  ask(3);
  Enter second(ep_.get());
  second.arguments = arguments_;
  std::vector<epoll_event> room(16);
  second.arguments.events = address(room.data());
  Entering first_sleeper(call_);
  Entering second_sleeper(second);
  first_sleeper.wait_until_asleep();
  second_sleeper.wait_until_asleep();
  post(fds_[1]);
  first_sleeper.wait_until_asleep();
  second_sleeper.wait_until_asleep();
  EXPECT_THAT(stats_of(ep_).scans, testing::AllOf(testing::Ge(2U), testing::Le(4U)));
  post(fds_[2]);
  post(fds_[3]);
  // level-triggered, so there is enough for both
  EXPECT_GE(first_sleeper.join(), 3);
  EXPECT_GE(second_sleeper.join(), 3);
}

TEST_F(EnterMinimumTest, BelowItARearmedWatchIsLeftToOthers) {
  for (const std::uint32_t events : {EPOLLIN | 0U + EPOLLONESHOT, EPOLLIN | 0U + EPOLLET}) {
    const unique_fd ready = make_eventfd(1);
    fds_.clear();
    watch(2);
    ASSERT_THAT(backend_.add(ep_.get(), ready.get(), events, 9), SyscallSucceeds());
    ASSERT_EQ(backend_.ready(ep_.get()).size(), 1U);  // a change delivers only if nothing is listed
    call_.changes = {change_of(EPOLL_CTL_MOD, ready.get(), events, 9)};
    ask(2);
    Entering sleeper(call_);
    sleeper.wait_until_asleep();
    EXPECT_THAT(backend_.ready(ep_.get()), Events(Event(9, EPOLLIN)));
    post(fds_[0]);
    post(fds_[1]);
    EXPECT_THAT(sleeper.join(), SyscallSucceedsWithValue(2));
  }
}

TEST_F(EnterMinimumTest, AChangedWatchThatIsWokenAgainCountsOnce) {
  const unique_fd ready = make_eventfd(1);
  watch(1);
  ASSERT_THAT(backend_.add(ep_.get(), ready.get(), EPOLLIN | EPOLLET, 9), SyscallSucceeds());
  ASSERT_EQ(backend_.ready(ep_.get()).size(), 1U);  // a change delivers only if nothing is listed
  call_.changes = {change_of(EPOLL_CTL_MOD, ready.get(), EPOLLIN | EPOLLET, 9)};
  ask(2);
  Entering sleeper(call_);
  sleeper.wait_until_asleep();
  post(ready);
  sleeper.wait_until_asleep();
  post(fds_[0]);
  EXPECT_THAT(sleeper.join(), SyscallSucceedsWithValue(2));
  EXPECT_THAT(call_.events(), Events(Event(9, EPOLLIN), Event(0, EPOLLIN)));
}

TEST_F(EnterMinimumTest, BelowItAnExclusiveEventGoesToAnotherInstance) {
  const unique_fd shared = make_eventfd();
  const unique_fd other = backend_.instance();
  watch(1);
  ASSERT_THAT(backend_.add(ep_.get(), shared.get(), EPOLLIN | EPOLLEXCLUSIVE, 5),
              SyscallSucceeds());
  ASSERT_THAT(backend_.add(other.get(), shared.get(), EPOLLIN | EPOLLEXCLUSIVE, 6),
              SyscallSucceeds());
  ask(2);
  Entering several(call_);
  several.wait_until_asleep();
  Waiter one(backend_, other.get());
  one.wait_until_asleep();
  post(shared);
  EXPECT_THAT(one.join(), SyscallSucceedsWithValue(1));
  post(fds_[0]);
  EXPECT_THAT(several.join(), SyscallSucceedsWithValue(2));
}

// It is woken for an event that is not enough, since another thread took the one before.
TEST_F(EnterMinimumTest, AnExclusiveEventThatIsNotEnoughGoesToAnotherInstance) {
  const unique_fd shared = make_eventfd();
  const unique_fd other = backend_.instance();
  watch(2, EPOLLIN | EPOLLET);
  ASSERT_THAT(backend_.add(ep_.get(), shared.get(), EPOLLIN | EPOLLEXCLUSIVE, 5),
              SyscallSucceeds());
  ASSERT_THAT(backend_.add(other.get(), shared.get(), EPOLLIN | EPOLLEXCLUSIVE, 6),
              SyscallSucceeds());
  ask(2);
  Entering several(call_);
  several.wait_until_asleep();
  post(fds_[0]);
  ASSERT_EQ(backend_.ready(ep_.get()).size(), 1U);
  Waiter one(backend_, other.get());
  one.wait_until_asleep();
  post(shared);
  EXPECT_THAT(one.join(), SyscallSucceedsWithValue(1));
  post(fds_[1]);
  EXPECT_THAT(several.join(), SyscallSucceedsWithValue(2));
}

// The one that wants less is woken first, though it came last.
TEST_F(EnterMinimumTest, OfTwoTheOneThatHasEnoughIsWoken) {
  watch(3);
  ask(3);
  Enter second(ep_.get());
  second.arguments = arguments_;
  std::vector<epoll_event> room(16);
  second.arguments.events = address(room.data());
  second.arguments.minevents = 2;
  Entering three(call_);
  three.wait_until_asleep();
  Entering two(second);
  two.wait_until_asleep();
  post(fds_[0]);
  post(fds_[1]);
  EXPECT_THAT(two.join(), SyscallSucceedsWithValue(2));
  three.wait_until_asleep();
  post(fds_[2]);
  EXPECT_THAT(three.join(), SyscallSucceedsWithValue(3));
}

TEST_F(EnterMinimumTest, AnArrayThatCannotBeWrittenIsEfaultAndLosesNothing) {
  const GuardedMemory memory;
  watch(2, EPOLLIN | EPOLLET);
  post(fds_[0]);
  post(fds_[1]);
  ask(2);
  arguments_.events = address(memory.inaccessible<epoll_event>());
  EXPECT_THAT(call_.call(), SyscallFailsWithErrno(EFAULT));
  EXPECT_EQ(backend_.ready(ep_.get()).size(), 2U);
}

}  // namespace
}  // namespace xpoll::test
