// SPDX-License-Identifier: GPL-2.0-only
// Signals during a wait, and the wait's signal mask.
#include <atomic>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <fstream>
#include <string>

#include "tools/util/descriptors.h"
#include "tools/util/eventfd.h"
#include "tools/util/wait_until.h"
#include "util/each_backend.h"
#include "util/fault_gate.h"
#include "util/matchers.h"
#include "util/process.h"
#include "util/requires.h"
#include "util/signals.h"
#include "util/stress.h"
#include "util/task_state.h"
#include "util/thread.h"
#include "util/waiter.h"

namespace xpoll::test {
namespace {

std::atomic<int> handled{0};
// Written by the handler, read by the interrupted thread.
sigset_t mask_in_handler;

void handle(int) {
  handled.fetch_add(1);
  pthread_sigmask(SIG_BLOCK, nullptr, &mask_in_handler);
}

sigset_t set_of(std::initializer_list<int> signals) {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : signals) sigaddset(&set, signal);
  return set;
}

bool is_pending(int signal) {
  sigset_t pending;
  sigpending(&pending);
  return sigismember(&pending, signal) == 1;
}

// Bit n-1 is signal n.
std::uint64_t blocked_signals_of(pid_t tid) {
  std::ifstream status("/proc/" + std::to_string(tid) + "/status");
  constexpr std::string_view kKey = "SigBlk:";
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(kKey)) return std::stoull(line.substr(kKey.size()), nullptr, 16);
  }
  throw std::runtime_error("no SigBlk");
}

constexpr std::uint64_t bit_of(int signal) { return 1ULL << (signal - 1); }

// SIGUSR1 has a handler and is blocked in the testing thread; SIGUSR2 is blocked too.
class SignalTest : public EachBackend {
 protected:
  void SetUp() override {
    struct sigaction action {};
    action.sa_handler = handle;
    action.sa_flags = SA_RESTART;
    checked(sigaction(SIGUSR1, &action, &old_action_), "sigaction");
    const sigset_t block = set_of({SIGUSR1, SIGUSR2});
    pthread_sigmask(SIG_BLOCK, &block, &old_mask_);
    handled = 0;
    EachBackend::SetUp();
  }

  void TearDown() override {
    const sigset_t usr1 = set_of({SIGUSR1});
    const timespec now{};
    while (sigtimedwait(&usr1, nullptr, &now) > 0) continue;
    pthread_sigmask(SIG_SETMASK, &old_mask_, nullptr);
    sigaction(SIGUSR1, &old_action_, nullptr);
  }

  static void raise_in_this_thread(int signal) { pthread_kill(pthread_self(), signal); }

  static void expect_mask_is_back() {
    EXPECT_TRUE(is_blocked(SIGUSR1));
    EXPECT_TRUE(is_blocked(SIGUSR2));
    EXPECT_FALSE(is_blocked(SIGTERM));
  }

  epoll_event event_{};
  const sigset_t nothing_ = set_of({});
  const sigset_t term_ = set_of({SIGTERM});

 private:
  struct sigaction old_action_ {};
  sigset_t old_mask_{};
};
XPOLL_FOR_EACH_BACKEND(SignalTest);

TEST_P(SignalTest, ReadyEventsBeatAPendingSignal) {
  const unique_fd ep = backend_.instance();
  const unique_fd eventfd = make_eventfd(1);
  ASSERT_THAT(backend_.add(ep.get(), eventfd.get(), EPOLLIN), SyscallSucceeds());
  raise_in_this_thread(SIGUSR1);
  EXPECT_THAT(backend_.pwait(ep.get(), &event_, 1, -1, &nothing_), SyscallSucceedsWithValue(1));
  EXPECT_EQ(handled, 0);
  EXPECT_TRUE(is_pending(SIGUSR1));
}

TEST_P(SignalTest, ZeroTimeoutReturnsZeroWithASignalPending) {
  const unique_fd ep = backend_.instance();
  raise_in_this_thread(SIGUSR1);
  EXPECT_THAT(backend_.pwait(ep.get(), &event_, 1, 0, &nothing_), SyscallSucceedsWithValue(0));
  EXPECT_EQ(handled, 0);
  EXPECT_TRUE(is_pending(SIGUSR1));
}

TEST_P(SignalTest, PendingSignalThatTheMaskLetsInGivesEintr) {
  const unique_fd ep = backend_.instance();
  raise_in_this_thread(SIGUSR1);
  EXPECT_THAT(backend_.pwait(ep.get(), &event_, 1, -1, &nothing_), SyscallFailsWithErrno(EINTR));
  EXPECT_EQ(handled, 1);
}

TEST_P(SignalTest, PendingSignalThatTheMaskLetsInEndsAFiniteWait) {
  const unique_fd ep = backend_.instance();
  raise_in_this_thread(SIGUSR1);
  EXPECT_THAT(backend_.pwait(ep.get(), &event_, 1, 600'000, &nothing_),
              SyscallFailsWithErrno(EINTR));
  const timespec timeout{.tv_sec = 600, .tv_nsec = 0};
  raise_in_this_thread(SIGUSR1);
  EXPECT_THAT(backend_.pwait2(ep.get(), &event_, 1, &timeout, &nothing_),
              SyscallFailsWithErrno(EINTR));
  EXPECT_EQ(handled, 2);
}

// Another wait is in a scan. When that ends, nothing is ready and this wait's timeout has expired.
TEST_P(SignalTest, PendingSignalEndsAWaitWhoseTimeoutExpiredDuringAnotherScan) {
  XPOLL_REQUIRE(FaultGate::available(), "userfaultfd");
  const unique_fd ep = backend_.instance();
  const unique_fd eventfd = make_eventfd(1);
  ASSERT_THAT(backend_.add(ep.get(), eventfd.get(), EPOLLIN | EPOLLET), SyscallSucceeds());
  FaultGate gate;
  Waiter scanning(backend_, ep.get(), gate.array_gated_at(0), 1);
  gate.wait_until_reached();

  constexpr std::chrono::milliseconds kTimeout{20};
  int result = 0;
  int error = 0;
  Thread late([&] {
    raise_in_this_thread(SIGUSR1);
    result = backend_.pwait(ep.get(), &event_, 1, kTimeout.count(), &nothing_);
    error = errno;
  });
  wait_until("the second wait waits for the scan", [&] { return is_blocked_in_wait(late.tid()); });
  const auto expired = std::chrono::steady_clock::now() + kTimeout;
  wait_until("the timeout has expired", [&] { return std::chrono::steady_clock::now() > expired; });
  gate.open();
  late.join();

  EXPECT_EQ(result, -1);
  EXPECT_EQ(error, EINTR);
  EXPECT_EQ(handled, 1);
  EXPECT_THAT(scanning.join(), SyscallSucceedsWithValue(1));
}

TEST_P(SignalTest, PendingSignalThatStaysBlockedDoesNotEndTheWait) {
  const unique_fd ep = backend_.instance();
  raise_in_this_thread(SIGUSR1);
  const sigset_t usr1 = set_of({SIGUSR1});
  EXPECT_THAT(backend_.pwait(ep.get(), &event_, 1, 1, &usr1), SyscallSucceedsWithValue(0));
  EXPECT_THAT(backend_.wait(ep.get(), &event_, 1, 1), SyscallSucceedsWithValue(0));
  EXPECT_EQ(handled, 0);
}

TEST_P(SignalTest, EintrIsNotRestartedInSpiteOfSaRestart) {
  const unique_fd ep = backend_.instance();
  for (const int timeout : {-1, 600'000}) {
    int result = 0;
    int error = 0;
    handled = 0;
    Thread thread([&] {
      const sigset_t usr1 = set_of({SIGUSR1});
      pthread_sigmask(SIG_UNBLOCK, &usr1, nullptr);
      result = backend_.wait(ep.get(), &event_, 1, timeout);
      error = errno;
    });
    thread.wait_until_asleep_in_wait();
    thread.signal(SIGUSR1);
    thread.join();
    EXPECT_EQ(result, -1);
    EXPECT_EQ(error, EINTR);
    EXPECT_EQ(handled, 1);
  }
}

TEST_P(SignalTest, IgnoredSignalDoesNotEndTheWait) {
  const unique_fd ep = backend_.instance();
  const unique_fd eventfd = make_eventfd();
  ASSERT_THAT(backend_.add(ep.get(), eventfd.get(), EPOLLIN), SyscallSucceeds());
  const sighandler_t old = signal(SIGWINCH, SIG_IGN);
  Waiter waiter(backend_, ep.get());
  waiter.wait_until_asleep();
  waiter.signal(SIGWINCH);
  post(eventfd);
  EXPECT_THAT(waiter.join(), SyscallSucceedsWithValue(1));
  signal(SIGWINCH, old);
}

TEST_P(SignalTest, MaskIsInPlaceWhileWaitingButCannotBlockKillAndStop) {
  const unique_fd ep = backend_.instance();
  const unique_fd eventfd = make_eventfd();
  ASSERT_THAT(backend_.add(ep.get(), eventfd.get(), EPOLLIN), SyscallSucceeds());
  const std::uint64_t mask = bit_of(SIGTERM) | bit_of(SIGRTMAX) | bit_of(SIGKILL) | bit_of(SIGSTOP);
  int result = 0;
  Thread thread(
      [&] { result = backend_.pwait_sized(ep.get(), &event_, 1, -1, &mask, sizeof(mask)); });
  thread.wait_until_asleep_in_wait();
  EXPECT_EQ(blocked_signals_of(thread.tid()), bit_of(SIGTERM) | bit_of(SIGRTMAX));
  post(eventfd);
  thread.join();
  EXPECT_EQ(result, 1);
}

TEST_P(SignalTest, WithoutAMaskTheThreadsOwnStaysInPlace) {
  const unique_fd ep = backend_.instance();
  const unique_fd eventfd = make_eventfd();
  ASSERT_THAT(backend_.add(ep.get(), eventfd.get(), EPOLLIN), SyscallSucceeds());
  Waiter waiter(backend_, ep.get());
  waiter.wait_until_asleep();
  EXPECT_EQ(blocked_signals_of(waiter.tid()), blocked_signals_of(current_tid()));
  post(eventfd);
  EXPECT_THAT(waiter.join(), SyscallSucceedsWithValue(1));
}

TEST_P(SignalTest, MaskIsBackAfterEveryResultThatIsNotEintr) {
  const unique_fd ep = backend_.instance();
  EXPECT_THAT(backend_.pwait(ep.get(), &event_, 1, 0, &term_), SyscallSucceedsWithValue(0));
  expect_mask_is_back();
  EXPECT_THAT(backend_.pwait(ep.get(), &event_, 1, 1, &term_), SyscallSucceedsWithValue(0));
  expect_mask_is_back();
  EXPECT_THAT(backend_.pwait(ep.get(), &event_, 0, 0, &term_), SyscallFailsWithErrno(EINVAL));
  expect_mask_is_back();
  const unique_fd eventfd = make_eventfd(1);
  ASSERT_THAT(backend_.add(ep.get(), eventfd.get(), EPOLLIN), SyscallSucceeds());
  EXPECT_THAT(backend_.pwait(ep.get(), nullptr, 1, 0, &term_), SyscallFailsWithErrno(EFAULT));
  expect_mask_is_back();
  EXPECT_THAT(backend_.pwait(ep.get(), &event_, 1, -1, &term_), SyscallSucceedsWithValue(1));
  expect_mask_is_back();
  EXPECT_THAT(backend_.pwait(eventfd.get(), &event_, 1, 0, &term_), SyscallFailsWithErrno(EINVAL));
  expect_mask_is_back();
}

TEST_P(SignalTest, OnEintrTheMaskIsBackOnlyAfterTheHandlerRan) {
  const unique_fd ep = backend_.instance();
  raise_in_this_thread(SIGUSR1);
  EXPECT_THAT(backend_.pwait(ep.get(), &event_, 1, -1, &term_), SyscallFailsWithErrno(EINTR));
  ASSERT_EQ(handled, 1);
  EXPECT_EQ(sigismember(&mask_in_handler, SIGTERM), 1);
  EXPECT_EQ(sigismember(&mask_in_handler, SIGUSR2), 0);
  expect_mask_is_back();
}

TEST_P(SignalTest, KillEndsAWaitWhateverTheMask) {
  const unique_fd ep = backend_.instance();
  Process child([&] {
    const std::uint64_t everything = ~0ULL;
    return backend_.pwait_sized(ep.get(), &event_, 1, -1, &everything, sizeof(everything));
  });
  child.wait_until_asleep_in_wait();
  checked(kill(child.pid(), SIGKILL), "kill");
  EXPECT_EQ(child.join_killed(), SIGKILL);
}

TEST_P(SignalTest, FatalSignalGoesBeforeReadyEvents) {
  // If a killed waiter took the event, the event would be lost.
  const unique_fd ep = backend_.instance();
  const unique_fd eventfd = make_eventfd();
  ASSERT_THAT(backend_.add(ep.get(), eventfd.get(), EPOLLIN | EPOLLET), SyscallSucceeds());
  for (int round = stress_rounds(20); round > 0; --round) {
    Process child([&] { return backend_.wait(ep.get(), &event_, 1, -1); });
    child.wait_until_asleep_in_wait();
    checked(kill(child.pid(), SIGKILL), "kill");
    post(eventfd);
    ASSERT_EQ(child.join_killed(), SIGKILL);
    ASSERT_THAT(backend_.ready(ep.get()), Events(Event(eventfd.get(), EPOLLIN)));
  }
}

}  // namespace
}  // namespace xpoll::test
