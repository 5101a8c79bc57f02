// SPDX-License-Identifier: GPL-2.0-only
// Adding an instance takes the locks of other instances and walks their items. Unlike on native
// epoll, a task that waits in such an ADD can be killed and then no longer blocks others.
#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <chrono>
#include <csignal>

#include "tools/util/descriptors.h"
#include "tools/util/wait_until.h"
#include "util/each_backend.h"
#include "util/fault_gate.h"
#include "util/matchers.h"
#include "util/process.h"
#include "util/requires.h"
#include "util/task_state.h"
#include "util/waiter.h"

namespace xpoll::test {
namespace {

class NestKillTest : public XpollOnly {
 protected:
  void SetUp() override {
    XpollOnly::SetUp();
    XPOLL_REQUIRE(FaultGate::available(), "userfaultfd");
    for (const unique_fd* ep : {&outer_, &inner_, &below_})
      ASSERT_THAT(backend_.add(ep->get(), ready_.get(), EPOLLIN), SyscallSucceeds());
    ASSERT_THAT(backend_.add(inner_.get(), below_.get(), EPOLLIN), SyscallSucceeds());
  }

  int add_inner() const { return backend_.add(outer_.get(), inner_.get(), EPOLLIN); }

  // Returns whether the process dies of the signal while the lock is still held.
  static bool kill(const Process& process) {
    constexpr auto kDeadlineMs = static_cast<int>(std::chrono::milliseconds(kDeadline).count());
    const unique_fd pidfd =
        checked_fd(static_cast<int>(syscall(SYS_pidfd_open, process.pid(), 0)), "pidfd_open");
    checked(::kill(process.pid(), SIGKILL), "kill");
    pollfd death{.fd = pidfd.get(), .events = POLLIN, .revents = 0};
    return checked(poll(&death, 1, kDeadlineMs), "poll of a pidfd") == 1;
  }

  // While a scan holds the mutex of `ep`.
  void expect_add_can_be_killed_while_held(const unique_fd& ep) {
    FaultGate gate;
    Waiter scanner(backend_, ep.get(), gate.array_gated_at(0), 1);
    gate.wait_until_reached();
    Process adder([this] { return add_inner(); });
    wait_until_blocked_in_ioctl(adder.pid());
    EXPECT_TRUE(kill(adder));
    gate.open();
    EXPECT_EQ(scanner.join(), 1);
    EXPECT_THAT(add_inner(), SyscallSucceeds()) << "the killed ADD left an entry";
  }

  const unique_fd ready_ = make_eventfd(1);
  const unique_fd outer_ = backend_.instance();
  const unique_fd inner_ = backend_.instance();
  const unique_fd below_ = backend_.instance();
};

TEST_F(NestKillTest, AnAddThatWaitsForTheWatchingInstanceCanBeKilled) {
  expect_add_can_be_killed_while_held(outer_);
}

TEST_F(NestKillTest, AnAddThatWaitsForTheWatchedInstanceCanBeKilled) {
  expect_add_can_be_killed_while_held(inner_);
}

TEST_F(NestKillTest, AnAddThatWaitsForAnInstanceFurtherDownCanBeKilled) {
  expect_add_can_be_killed_while_held(below_);
}

TEST_F(NestKillTest, AnAddThatWaitsForAnotherAddCanBeKilledAndSoCanThatOne) {
  const unique_fd other_outer = backend_.instance();
  const unique_fd other_inner = backend_.instance();
  const auto add_other = [&] {
    return backend_.add(other_outer.get(), other_inner.get(), EPOLLIN);
  };
  FaultGate gate;
  Waiter scanner(backend_, below_.get(), gate.array_gated_at(0), 1);
  gate.wait_until_reached();
  Process holder([this] { return add_inner(); });
  wait_until_blocked_in_ioctl(holder.pid());
  Process queued(add_other);
  wait_until_blocked_in_ioctl(queued.pid());
  EXPECT_TRUE(kill(queued));
  ASSERT_TRUE(kill(holder));
  // the scan still holds its own instance, but blocks no other ADD
  EXPECT_THAT(add_other(), SyscallSucceeds());
  gate.open();
  EXPECT_EQ(scanner.join(), 1);
}

}  // namespace
}  // namespace xpoll::test
