// SPDX-License-Identifier: GPL-2.0-only
// XPOLL_ENTER_RESTART: a wait that goes on after the process was stopped and continued.
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <filesystem>
#include <functional>
#include <string>

#include "tools/util/descriptors.h"
#include "tools/util/eventfd.h"
#include "tools/util/file.h"
#include "tools/util/wait_until.h"
#include "util/enter.h"
#include "util/matchers.h"
#include "util/monotonic.h"
#include "util/process.h"
#include "util/ring.h"
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

  // Stops a process that makes the call, makes an event, and continues the process.
  int stopped_and_continued(const std::function<int()>& call) const {
    Process child(call);
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
  int stopped_and_continued(unsigned flags, std::int64_t timeout_ns) const {
    return stopped_and_continued([=, this] { return wait(flags, timeout_ns); });
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

TEST_F(EnterRestartTest, EachKindOfWaitGoesOn) {
  const RingInstance ring;
  ASSERT_THAT(ring.add(eventfd_, EPOLLIN | EPOLLET), SyscallSucceeds());
  const sigset_t mask{};
  const auto enter = [&](int ep, unsigned flags) {
    struct xpoll_event events[2];
    struct xpoll_enter arguments {};
    arguments.events = address(events);
    arguments.maxevents = flags & XPOLL_ENTER_RING ? 0 : 2;
    arguments.flags = flags | XPOLL_ENTER_RESTART;
    arguments.timeout_ns = -1;
    arguments.sigmask = address(&mask);
    arguments.sigsetsize = 8;
    return ioctl(ep, XPOLL_IOC_ENTER, &arguments);
  };
  EXPECT_THAT(stopped_and_continued([&] { return enter(ep_.get(), 0); }),
              SyscallSucceedsWithValue(1));
  take(eventfd_);
  EXPECT_THAT(stopped_and_continued([&] { return enter(ep_.get(), XPOLL_ENTER_EXTENDED); }),
              SyscallSucceedsWithValue(1));
  take(eventfd_);
  ring.take();
  EXPECT_THAT(stopped_and_continued([&] { return enter(ring.get(), XPOLL_ENTER_RING); }),
              SyscallSucceedsWithValue(1));
}

TEST_F(EnterRestartTest, BelowItsMinimumAWaitEndsWithWhatIsReady) {
  const unique_fd other = make_eventfd();
  ASSERT_THAT(backend_.add(ep_.get(), other.get(), EPOLLIN), SyscallSucceeds());
  post(other);
  // It ends when the process is stopped, and so before the second event.
  EXPECT_THAT(stopped_and_continued([&] {
                Enter call(ep_.get());
                call.arguments.flags = XPOLL_ENTER_RESTART;
                call.arguments.minevents = 2;
                call.arguments.timeout_ns = -1;
                return call.call();
              }),
              SyscallSucceedsWithValue(1));
}

TEST_F(EnterRestartTest, ATracerDoesNotInterrupt) {
  Process child([&] { return wait(XPOLL_ENTER_RESTART, -1); });
  child.wait_until_asleep_in_wait();
  int status = 0;
  checked(static_cast<int>(ptrace(PTRACE_SEIZE, child.pid(), nullptr, nullptr)), "SEIZE");
  checked(static_cast<int>(ptrace(PTRACE_INTERRUPT, child.pid(), nullptr, nullptr)), "INTERRUPT");
  checked(waitpid(child.pid(), &status, __WALL), "waitpid");
  post(eventfd_);
  checked(static_cast<int>(ptrace(PTRACE_DETACH, child.pid(), nullptr, nullptr)), "DETACH");
  EXPECT_THAT(child.join(), SyscallSucceedsWithValue(1));
}

// A cgroup whose tasks freeze. The last one must have ended before.
class Freezer {
 public:
  explicit Freezer(pid_t pid) {
    std::filesystem::create_directory(group_);
    write_file(group_ / "cgroup.procs", std::to_string(pid));
  }
  Freezer(const Freezer&) = delete;
  Freezer& operator=(const Freezer&) = delete;
  ~Freezer() {
    std::error_code ignored;
    std::filesystem::remove(group_, ignored);
  }

  // Returns once that is done.
  void set(bool frozen) const {
    write_file(group_ / "cgroup.freeze", frozen ? "1" : "0");
    wait_until("the state of the cgroup", [&] {
      return read_file(group_ / "cgroup.events").find(frozen ? "frozen 1" : "frozen 0") !=
             std::string::npos;
    });
  }

 private:
  const std::filesystem::path group_ = "/sys/fs/cgroup/xpoll-freezer";
};

TEST_F(EnterRestartTest, AFreezerDoesNotInterrupt) {
  if (access("/sys/fs/cgroup/cgroup.procs", W_OK) < 0) GTEST_SKIP() << "no cgroup to be had";
  Process child([&] { return wait(XPOLL_ENTER_RESTART, -1); });
  child.wait_until_asleep_in_wait();
  const Freezer freezer(child.pid());
  freezer.set(true);
  post(eventfd_);
  freezer.set(false);
  EXPECT_THAT(child.join(), SyscallSucceedsWithValue(1));
}

TEST_F(EnterRestartTest, ATimeThatComesMeanwhileEndsIt) {
  const std::uint64_t end = monotonic_ns() + 3'000'000'000;
  Process child([&] {
    return wait(XPOLL_ENTER_RESTART | XPOLL_ENTER_ABSTIME, static_cast<std::int64_t>(end));
  });
  child.wait_until_asleep_in_wait();
  checked(kill(child.pid(), SIGSTOP), "kill");
  wait_until("the time", [&] { return monotonic_ns() > end; });
  checked(kill(child.pid(), SIGCONT), "kill");
  EXPECT_THAT(child.join(), SyscallSucceedsWithValue(0));
}

}  // namespace
}  // namespace xpoll::test
