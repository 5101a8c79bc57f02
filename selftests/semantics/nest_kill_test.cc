// SPDX-License-Identifier: GPL-2.0-only
// Adding an instance polls it, which takes the mutexes of instances below. Unlike on native epoll,
// a task that waits in such an ADD can be killed, and blocks only those who use the same instance.
#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <xpoll/xpoll.h>

#include <chrono>
#include <csignal>
#include <functional>

#include "tools/util/descriptors.h"
#include "tools/util/eventfd.h"
#include "tools/util/wait_until.h"
#include "util/each_backend.h"
#include "util/fault_gate.h"
#include "util/hanging_file.h"
#include "util/matchers.h"
#include "util/process.h"
#include "util/requires.h"
#include "util/ring.h"
#include "util/task_state.h"
#include "util/thread.h"
#include "util/waiter.h"

namespace xpoll::test {
namespace {

class NestKillTest : public XpollOnly {
 protected:
  void SetUp() override {
    XpollOnly::SetUp();
    XPOLL_REQUIRE(FaultGate::available(), "userfaultfd");
    ASSERT_THAT(backend_.add(below_.get(), ready_.get(), EPOLLIN), SyscallSucceeds());
    // the first one that a scan polls
    ASSERT_THAT(backend_.add(inner_.get(), below_.get(), EPOLLIN), SyscallSucceeds());
    for (const unique_fd* ep : {&outer_, &inner_})
      ASSERT_THAT(backend_.add(ep->get(), ready_.get(), EPOLLIN), SyscallSucceeds());
  }

  int add_inner() const { return backend_.add(outer_.get(), inner_.get(), EPOLLIN); }

  // Returns whether the process ends while the lock is still held.
  static bool ends(const Process& process) {
    constexpr auto kDeadlineMs = static_cast<int>(std::chrono::milliseconds(kDeadline).count());
    const unique_fd pidfd =
        checked_fd(static_cast<int>(syscall(SYS_pidfd_open, process.pid(), 0)), "pidfd_open");
    pollfd end{.fd = pidfd.get(), .events = POLLIN, .revents = 0};
    return checked(poll(&end, 1, kDeadlineMs), "poll of a pidfd") == 1;
  }

  static bool kill(const Process& process) {
    checked(::kill(process.pid(), SIGKILL), "kill");
    return ends(process);
  }

  // Calls `meanwhile` while a process waits in an ADD for the mutex of `ep`, which a scan holds
  // until the gate opens.
  void while_add_waits_for(const unique_fd& ep,
                           const std::function<void(Process& adder, FaultGate& gate)>& meanwhile) {
    FaultGate gate;
    Waiter scanner(backend_, ep.get(), gate.array_gated_at(0), 1);
    gate.wait_until_reached();
    Process adder([this] { return add_inner(); });
    const OpenAtExit open(gate);
    wait_until_blocked_in_ioctl(adder.pid());
    meanwhile(adder, gate);
    gate.open();
    EXPECT_EQ(scanner.join(), 1);
  }

  void expect_add_can_be_killed_while_held(const unique_fd& ep) {
    while_add_waits_for(ep, [](Process& adder, FaultGate&) { EXPECT_TRUE(kill(adder)); });
    EXPECT_THAT(add_inner(), SyscallSucceeds()) << "the killed ADD left an entry";
  }

  // Calls `meanwhile` while the ADD of a file to `ep` waits in ->poll() of the file, with the mutex
  // of `ep`, until `go_on` is posted.
  void while_add_hangs(int ep, const std::function<void(const unique_fd& go_on)>& meanwhile) {
    const unique_fd hung = checked_fd(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), "eventfd");
    const unique_fd go_on = checked_fd(eventfd(0, EFD_CLOEXEC), "eventfd");
    Process holder([&] { return add_hanging_file(ep, hung, go_on); });
    const PostAtExit end(go_on);
    wait_until("the ADD waits in ->poll()", [&] {
      eventfd_t count = 0;
      return eventfd_read(hung.get(), &count) == 0;
    });
    meanwhile(go_on);
    post(go_on);
    EXPECT_THAT(holder.join(), SyscallSucceeds());
  }

  int add_hanging_file(int ep, const unique_fd& hung, const unique_fd& go_on) const {
    const HangingFile file;
    file.hang();
    int result = -1;
    Thread adder([&] { result = backend_.add(ep, file.get(), EPOLLIN); });
    file.wait_until_hung();
    post(hung);
    take(go_on);
    file.go_on();
    adder.join();
    return result;
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

TEST_F(NestKillTest, AnAddThatWaitsForAnInstanceWithARingCanBeKilled) {
  XPOLL_REQUIRE(HangingFile::available(), "FUSE");
  const RingInstance ring;
  ASSERT_THAT(ring.change(EPOLL_CTL_ADD, ready_.get(), EPOLLIN, 0), SyscallSucceeds());
  // once its level-triggered event has been taken, ->poll() has to ask the file again
  ASSERT_THAT(ring.take(), testing::SizeIs(1));
  const auto add_ring = [&] { return backend_.add(outer_.get(), ring.get(), EPOLLIN); };
  while_add_hangs(ring.get(), [&](const unique_fd& go_on) {
    Process adder(add_ring);
    const PostAtExit end(go_on);
    wait_until_blocked_in_ioctl(adder.pid());
    EXPECT_TRUE(kill(adder));
  });
  EXPECT_THAT(add_ring(), SyscallSucceeds()) << "the killed ADD left an entry";
}

class NestWaitTest : public NestKillTest {
 protected:
  // While another task waits in an ADD.
  void expect_others_go_on(const std::function<void()>& end_wait) {
    Process others([this] {
      if (const int result = add_other(); result < 0) return result;
      if (const int result = post_below(); result < 0) return result;
      return add_file();
    });
    EXPECT_TRUE(ends(others));
    end_wait();
    EXPECT_THAT(others.join(), SyscallSucceeds());
  }

  void expect_others_go_on_while_held(const unique_fd& ep) {
    while_add_waits_for(ep, [this](Process& adder, FaultGate& gate) {
      expect_others_go_on([&] { gate.open(); });
      EXPECT_THAT(adder.join(), SyscallSucceeds());
    });
  }

 private:
  int add_other() const { return backend_.add(other_outer_.get(), other_inner_.get(), EPOLLIN); }
  // The first post to an instance that is watched counts its paths.
  int post_below() const { return xpoll_post(other_inner_.get(), 1); }
  int add_file() const { return backend_.add(other_inner_.get(), ready_.get(), EPOLLIN); }

  const unique_fd other_outer_ = backend_.instance();
  const unique_fd other_inner_ = backend_.instance();
};

TEST_F(NestWaitTest, AnAddThatWaitsForTheWatchingInstanceBlocksNoOther) {
  expect_others_go_on_while_held(outer_);
}

TEST_F(NestWaitTest, AnAddThatWaitsForTheWatchedInstanceBlocksNoOther) {
  expect_others_go_on_while_held(inner_);
}

TEST_F(NestWaitTest, AnAddThatWaitsForAnInstanceFurtherDownBlocksNoOther) {
  expect_others_go_on_while_held(below_);
}

TEST_F(NestWaitTest, AnAddOfAFileWhosePollHangsBlocksNoOther) {
  XPOLL_REQUIRE(HangingFile::available(), "FUSE");
  ASSERT_THAT(add_inner(), SyscallSucceeds());
  while_add_hangs(inner_.get(),
                  [this](const unique_fd& go_on) { expect_others_go_on([&] { post(go_on); }); });
}

}  // namespace
}  // namespace xpoll::test
