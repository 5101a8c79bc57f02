// SPDX-License-Identifier: GPL-2.0-only
// MOD and DEL. MOD succeeds without EPOLLWAKEUP if there is no memory for the wakeup source.
#include "faults/fault_test.h"
#include "faults/sweep.h"
#include "tools/util/descriptors.h"
#include "util/matchers.h"

namespace xpoll::test {
namespace {

class ChangeFaultTest : public FaultTest {
 protected:
  void SetUp() override {
    FaultTest::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    ep_ = backend_.instance();
    watched_ = make_eventfd(1);
    other_ = make_eventfd(1);
    for (const unique_fd* fd : {&watched_, &other_})
      ASSERT_THAT(backend_.add(ep_.get(), fd->get(), EPOLLIN), SyscallSucceeds());
  }

  void TearDown() override {
    ep_.reset();
    FaultTest::TearDown();
  }

  Faults sweep_mod(std::uint32_t from, std::uint32_t to, const unique_fd& watched) {
    return sweep_faults({
        .prepare = [&, from] { checked(backend_.mod(ep_.get(), watched.get(), from), "mod"); },
        .call = [&, to] { return backend_.mod(ep_.get(), watched.get(), to); },
        .errors = {EFAULT},
        .meets_faults = false,
        .descriptors = instance_,
        .instances = instance_,
    });
  }

  unique_fd ep_;
  unique_fd watched_;
  unique_fd other_;
  const std::function<std::vector<int>()> instance_ = [this] {
    return std::vector<int>{ep_.get()};
  };
};

TEST_F(ChangeFaultTest, ModToAnotherMask) { sweep_mod(EPOLLIN, EPOLLOUT, watched_); }

TEST_F(ChangeFaultTest, ModThatAsksForWakeup) {
  EXPECT_GT(sweep_mod(EPOLLIN, EPOLLIN | EPOLLWAKEUP, watched_).injected, 0);
}

TEST_F(ChangeFaultTest, ModThatWithdrawsWakeup) {
  sweep_mod(EPOLLIN | EPOLLWAKEUP, EPOLLIN, watched_);
}

TEST_F(ChangeFaultTest, ModOfAnInstance) {
  const unique_fd inner = backend_.instance();
  ASSERT_THAT(backend_.add(inner.get(), other_.get(), EPOLLIN), SyscallSucceeds());
  ASSERT_THAT(backend_.add(ep_.get(), inner.get(), EPOLLIN), SyscallSucceeds());
  EXPECT_GT(sweep_mod(EPOLLIN, EPOLLIN | EPOLLWAKEUP, inner).injected, 0);
}

TEST_F(ChangeFaultTest, Del) {
  const Pty pty = make_pty();
  const unique_fd& tty = pty.slave;
  sweep_faults({
      .prepare = [&] { checked(backend_.add(ep_.get(), tty.get(), EPOLLIN | EPOLLWAKEUP), "add"); },
      .call = [&] { return backend_.del(ep_.get(), tty.get()); },
      .errors = {EFAULT},
      .meets_faults = false,
      .descriptors = instance_,
      .instances = instance_,
  });
}

}  // namespace
}  // namespace xpoll::test
