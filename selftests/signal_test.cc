// SPDX-License-Identifier: GPL-2.0-only
// Signals during a wait, and the wait's signal mask.
#include <atomic>
#include <csignal>
#include <fstream>
#include <string>

#include "util/descriptors.h"
#include "util/each_backend.h"
#include "util/eventfd.h"
#include "util/matchers.h"
#include "util/process.h"
#include "util/stress.h"
#include "util/task_state.h"
#include "util/thread.h"
#include "util/waiter.h"

namespace xpoll_test {
namespace {

std::atomic<int> handled{0};
// Written by the handler, read by the thread it interrupted.
sigset_t mask_in_handler;

void handle(int) {
  handled.fetch_add(1);
  pthread_sigmask(SIG_BLOCK, nullptr, &mask_in_handler);
}

sigset_t setOf(std::initializer_list<int> signals) {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : signals) sigaddset(&set, signal);
  return set;
}

bool isPending(int signal) {
  sigset_t pending;
  sigpending(&pending);
  return sigismember(&pending, signal) == 1;
}

bool isBlocked(int signal) {
  sigset_t mask;
  pthread_sigmask(SIG_BLOCK, nullptr, &mask);
  return sigismember(&mask, signal) == 1;
}

// Bit n-1 is signal n.
std::uint64_t blockedSignalsOf(pid_t tid) {
  std::ifstream status("/proc/" + std::to_string(tid) + "/status");
  constexpr std::string_view kKey = "SigBlk:";
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(kKey)) return std::stoull(line.substr(kKey.size()), nullptr, 16);
  }
  throw std::runtime_error("no SigBlk");
}

constexpr std::uint64_t bitOf(int signal) { return 1ULL << (signal - 1); }

// SIGUSR1 is handled and, in the testing thread, blocked; SIGUSR2 is blocked too.
class SignalTest : public EachBackend {
 protected:
  void SetUp() override {
    struct sigaction action {};
    action.sa_handler = handle;
    action.sa_flags = SA_RESTART;
    checked(sigaction(SIGUSR1, &action, &old_action_), "sigaction");
    const sigset_t block = setOf({SIGUSR1, SIGUSR2});
    pthread_sigmask(SIG_BLOCK, &block, &old_mask_);
    handled = 0;
    EachBackend::SetUp();
  }

  void TearDown() override {
    const sigset_t usr1 = setOf({SIGUSR1});
    const timespec now{};
    while (sigtimedwait(&usr1, nullptr, &now) > 0) continue;
    pthread_sigmask(SIG_SETMASK, &old_mask_, nullptr);
    sigaction(SIGUSR1, &old_action_, nullptr);
  }

  static void raiseInThisThread(int signal) { pthread_kill(pthread_self(), signal); }

  static void expectMaskIsBack() {
    EXPECT_TRUE(isBlocked(SIGUSR1));
    EXPECT_TRUE(isBlocked(SIGUSR2));
    EXPECT_FALSE(isBlocked(SIGTERM));
  }

  epoll_event event_{};
  const sigset_t nothing_ = setOf({});
  const sigset_t term_ = setOf({SIGTERM});

 private:
  struct sigaction old_action_ {};
  sigset_t old_mask_{};
};
XPOLL_FOR_EACH_BACKEND(SignalTest);

TEST_P(SignalTest, ReadyEventsBeatAPendingSignal) {
  const Fd ep = backend_.instance();
  const Fd eventfd = makeEventfd(1);
  ASSERT_THAT(backend_.add(ep.get(), eventfd.get(), EPOLLIN), SyscallSucceeds());
  raiseInThisThread(SIGUSR1);
  EXPECT_THAT(backend_.pwait(ep.get(), &event_, 1, -1, &nothing_), SyscallSucceedsWithValue(1));
  EXPECT_EQ(handled, 0);
  EXPECT_TRUE(isPending(SIGUSR1));
}

TEST_P(SignalTest, ZeroTimeoutReturnsZeroWithASignalPending) {
  const Fd ep = backend_.instance();
  raiseInThisThread(SIGUSR1);
  EXPECT_THAT(backend_.pwait(ep.get(), &event_, 1, 0, &nothing_), SyscallSucceedsWithValue(0));
  EXPECT_EQ(handled, 0);
  EXPECT_TRUE(isPending(SIGUSR1));
}

TEST_P(SignalTest, PendingSignalThatTheMaskLetsInGivesEintr) {
  const Fd ep = backend_.instance();
  raiseInThisThread(SIGUSR1);
  EXPECT_THAT(backend_.pwait(ep.get(), &event_, 1, -1, &nothing_), SyscallFailsWithErrno(EINTR));
  EXPECT_EQ(handled, 1);
}

TEST_P(SignalTest, PendingSignalThatTheMaskLetsInEndsAFiniteWait) {
  const Fd ep = backend_.instance();
  raiseInThisThread(SIGUSR1);
  EXPECT_THAT(backend_.pwait(ep.get(), &event_, 1, 600'000, &nothing_),
              SyscallFailsWithErrno(EINTR));
  const timespec timeout{.tv_sec = 600, .tv_nsec = 0};
  raiseInThisThread(SIGUSR1);
  EXPECT_THAT(backend_.pwait2(ep.get(), &event_, 1, &timeout, &nothing_),
              SyscallFailsWithErrno(EINTR));
  EXPECT_EQ(handled, 2);
}

TEST_P(SignalTest, PendingSignalThatStaysBlockedDoesNotEndTheWait) {
  const Fd ep = backend_.instance();
  raiseInThisThread(SIGUSR1);
  const sigset_t usr1 = setOf({SIGUSR1});
  EXPECT_THAT(backend_.pwait(ep.get(), &event_, 1, 1, &usr1), SyscallSucceedsWithValue(0));
  EXPECT_THAT(backend_.wait(ep.get(), &event_, 1, 1), SyscallSucceedsWithValue(0));
  EXPECT_EQ(handled, 0);
}

TEST_P(SignalTest, EintrIsNotRestartedInSpiteOfSaRestart) {
  const Fd ep = backend_.instance();
  for (const int timeout : {-1, 600'000}) {
    int result = 0;
    int error = 0;
    handled = 0;
    Thread thread([&] {
      const sigset_t usr1 = setOf({SIGUSR1});
      pthread_sigmask(SIG_UNBLOCK, &usr1, nullptr);
      result = backend_.wait(ep.get(), &event_, 1, timeout);
      error = errno;
    });
    thread.waitUntilAsleepInWait();
    thread.signal(SIGUSR1);
    thread.join();
    EXPECT_EQ(result, -1);
    EXPECT_EQ(error, EINTR);
    EXPECT_EQ(handled, 1);
  }
}

TEST_P(SignalTest, IgnoredSignalDoesNotEndTheWait) {
  const Fd ep = backend_.instance();
  const Fd eventfd = makeEventfd();
  ASSERT_THAT(backend_.add(ep.get(), eventfd.get(), EPOLLIN), SyscallSucceeds());
  const sighandler_t old = signal(SIGWINCH, SIG_IGN);
  Waiter waiter(backend_, ep.get());
  waiter.waitUntilAsleep();
  waiter.signal(SIGWINCH);
  post(eventfd);
  EXPECT_THAT(waiter.join(), SyscallSucceedsWithValue(1));
  signal(SIGWINCH, old);
}

TEST_P(SignalTest, MaskIsInPlaceWhileWaitingButCannotBlockKillAndStop) {
  const Fd ep = backend_.instance();
  const Fd eventfd = makeEventfd();
  ASSERT_THAT(backend_.add(ep.get(), eventfd.get(), EPOLLIN), SyscallSucceeds());
  const std::uint64_t mask = bitOf(SIGTERM) | bitOf(SIGRTMAX) | bitOf(SIGKILL) | bitOf(SIGSTOP);
  int result = 0;
  Thread thread(
      [&] { result = backend_.pwaitSized(ep.get(), &event_, 1, -1, &mask, sizeof(mask)); });
  thread.waitUntilAsleepInWait();
  EXPECT_EQ(blockedSignalsOf(thread.tid()), bitOf(SIGTERM) | bitOf(SIGRTMAX));
  post(eventfd);
  thread.join();
  EXPECT_EQ(result, 1);
}

TEST_P(SignalTest, WithoutAMaskTheThreadsOwnStaysInPlace) {
  const Fd ep = backend_.instance();
  const Fd eventfd = makeEventfd();
  ASSERT_THAT(backend_.add(ep.get(), eventfd.get(), EPOLLIN), SyscallSucceeds());
  Waiter waiter(backend_, ep.get());
  waiter.waitUntilAsleep();
  EXPECT_EQ(blockedSignalsOf(waiter.tid()), blockedSignalsOf(currentTid()));
  post(eventfd);
  EXPECT_THAT(waiter.join(), SyscallSucceedsWithValue(1));
}

TEST_P(SignalTest, MaskIsBackAfterEveryResultThatIsNotEintr) {
  const Fd ep = backend_.instance();
  EXPECT_THAT(backend_.pwait(ep.get(), &event_, 1, 0, &term_), SyscallSucceedsWithValue(0));
  expectMaskIsBack();
  EXPECT_THAT(backend_.pwait(ep.get(), &event_, 1, 1, &term_), SyscallSucceedsWithValue(0));
  expectMaskIsBack();
  EXPECT_THAT(backend_.pwait(ep.get(), &event_, 0, 0, &term_), SyscallFailsWithErrno(EINVAL));
  expectMaskIsBack();
  const Fd eventfd = makeEventfd(1);
  ASSERT_THAT(backend_.add(ep.get(), eventfd.get(), EPOLLIN), SyscallSucceeds());
  EXPECT_THAT(backend_.pwait(ep.get(), nullptr, 1, 0, &term_), SyscallFailsWithErrno(EFAULT));
  expectMaskIsBack();
  EXPECT_THAT(backend_.pwait(ep.get(), &event_, 1, -1, &term_), SyscallSucceedsWithValue(1));
  expectMaskIsBack();
  EXPECT_THAT(backend_.pwait(eventfd.get(), &event_, 1, 0, &term_), SyscallFailsWithErrno(EINVAL));
  expectMaskIsBack();
}

TEST_P(SignalTest, OnEintrTheMaskIsBackOnlyAfterTheHandlerRan) {
  const Fd ep = backend_.instance();
  raiseInThisThread(SIGUSR1);
  EXPECT_THAT(backend_.pwait(ep.get(), &event_, 1, -1, &term_), SyscallFailsWithErrno(EINTR));
  ASSERT_EQ(handled, 1);
  EXPECT_EQ(sigismember(&mask_in_handler, SIGTERM), 1);
  EXPECT_EQ(sigismember(&mask_in_handler, SIGUSR2), 0);
  expectMaskIsBack();
}

TEST_P(SignalTest, KillEndsAWaitWhateverTheMask) {
  const Fd ep = backend_.instance();
  Process child([&] {
    const std::uint64_t everything = ~0ULL;
    return backend_.pwaitSized(ep.get(), &event_, 1, -1, &everything, sizeof(everything));
  });
  child.waitUntilAsleepInWait();
  checked(kill(child.pid(), SIGKILL), "kill");
  EXPECT_EQ(child.joinKilled(), SIGKILL);
}

TEST_P(SignalTest, FatalSignalGoesBeforeReadyEvents) {
  // A killed waiter that still took the event would take it out of the world.
  const Fd ep = backend_.instance();
  const Fd eventfd = makeEventfd();
  ASSERT_THAT(backend_.add(ep.get(), eventfd.get(), EPOLLIN | EPOLLET), SyscallSucceeds());
  for (int round = stressRounds(20); round > 0; --round) {
    Process child([&] { return backend_.wait(ep.get(), &event_, 1, -1); });
    child.waitUntilAsleepInWait();
    checked(kill(child.pid(), SIGKILL), "kill");
    post(eventfd);
    ASSERT_EQ(child.joinKilled(), SIGKILL);
    ASSERT_THAT(backend_.ready(ep.get()), Events(Event(eventfd.get(), EPOLLIN)));
  }
}

}  // namespace
}  // namespace xpoll_test
