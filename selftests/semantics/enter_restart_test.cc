// SPDX-License-Identifier: GPL-2.0-only
// XPOLL_ENTER_RESTART: a wait that goes on after the process was stopped and continued.
#include <sys/wait.h>

#include <atomic>
#include <csignal>

#include "tools/util/descriptors.h"
#include "tools/util/eventfd.h"
#include "util/enter.h"
#include "util/matchers.h"
#include "util/monotonic.h"
#include "util/process.h"
#include "util/thread.h"

namespace xpoll::test {
namespace {

constexpr std::int64_t kLongNs = 3'600'000'000'000;

class EnterRestartTest : public XpollOnly {
 protected:
  EnterRestartTest() { checked(backend_.add(ep_.get(), eventfd_.get(), EPOLLIN), "add"); }

  int wait(unsigned flags, std::int64_t timeout_ns) const {
    Enter call(ep_.get());
    call.arguments.flags = flags;
    call.arguments.timeout_ns = timeout_ns;
    return call.call();
  }

  // Stops a process that waits, makes an event, and continues the process.
  int stopped_and_continued(unsigned flags, std::int64_t timeout_ns) const {
    Process child([&] { return wait(flags, timeout_ns); });
    child.wait_until_asleep_in_wait();
    int status = 0;
    checked(kill(child.pid(), SIGSTOP), "kill");
    checked(waitpid(child.pid(), &status, WUNTRACED), "waitpid");
    EXPECT_TRUE(WIFSTOPPED(status));
    // The wait has ended, or will begin again: the event is not for the one that was interrupted.
    post(eventfd_);
    checked(kill(child.pid(), SIGCONT), "kill");
    return child.join();
  }

  const unique_fd ep_ = backend_.instance();
  const unique_fd eventfd_ = make_eventfd();
};

TEST_F(EnterRestartTest, WithoutItStopAndContinueInterrupt) {
  EXPECT_THAT(stopped_and_continued(0, -1), SyscallFailsWithErrno(EINTR));
}

TEST_F(EnterRestartTest, EndlessWaitGoesOn) {
  EXPECT_THAT(stopped_and_continued(XPOLL_ENTER_RESTART, -1), SyscallSucceedsWithValue(1));
}

TEST_F(EnterRestartTest, WaitUntilATimeGoesOn) {
  EXPECT_THAT(stopped_and_continued(XPOLL_ENTER_RESTART | XPOLL_ENTER_ABSTIME,
                                    static_cast<std::int64_t>(monotonic_ns()) + kLongNs),
              SyscallSucceedsWithValue(1));
}

void do_nothing(int) {}

TEST_F(EnterRestartTest, HandlerInterrupts) {
  struct sigaction action {};
  action.sa_handler = do_nothing;
  action.sa_flags = SA_RESTART;
  struct sigaction before {};
  checked(sigaction(SIGUSR1, &action, &before), "sigaction");
  std::atomic<bool> returned{false};
  int result = 0;
  int error = 0;
  Thread thread([&] {
    result = wait(XPOLL_ENTER_RESTART, -1);
    error = errno;
    returned = true;
  });
  thread.wait_until_asleep_in_wait();
  thread.interrupt_until(returned);
  thread.join();
  EXPECT_EQ(result, -1);
  EXPECT_EQ(error, EINTR);
  checked(sigaction(SIGUSR1, &before, nullptr), "sigaction");
}

TEST_F(EnterRestartTest, ReadyEventIsDelivered) {
  post(eventfd_);
  EXPECT_THAT(wait(XPOLL_ENTER_RESTART, -1), SyscallSucceedsWithValue(1));
}

TEST_F(EnterRestartTest, WhatCantBeDoneTwiceIsEinval) {
  EXPECT_THAT(wait(XPOLL_ENTER_RESTART, 1), SyscallFailsWithErrno(EINVAL));
  EXPECT_THAT(wait(XPOLL_ENTER_RESTART, 0), SyscallSucceedsWithValue(0));
  Enter call(ep_.get(), {change_of(EPOLL_CTL_MOD, eventfd_.get(), EPOLLIN)});
  call.arguments.flags = XPOLL_ENTER_RESTART;
  EXPECT_THAT(call.call(), SyscallFailsWithErrno(EINVAL));
  EXPECT_EQ(call.changes[0].result, kNoResult);
  Enter patient(ep_.get());
  patient.arguments.flags = XPOLL_ENTER_RESTART;
  patient.arguments.min_wait_ns = 1;
  EXPECT_THAT(patient.call(), SyscallFailsWithErrno(EINVAL));
}

}  // namespace
}  // namespace xpoll::test
