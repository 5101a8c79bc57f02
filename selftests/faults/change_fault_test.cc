// SPDX-License-Identifier: GPL-2.0-only
// MOD and DEL. EPOLLWAKEUP is a service to MOD, which succeeds where memory for it is short.
#include "faults/fault_test.h"
#include "faults/sweep.h"
#include "util/descriptors.h"
#include "util/matchers.h"

namespace xpoll_test {
namespace {

class ChangeFaultTest : public FaultTest {
 protected:
  void SetUp() override {
    FaultTest::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    ep_ = backend_.instance();
    watched_ = makeEventfd(1);
    other_ = makeEventfd(1);
    for (const Fd* fd : {&watched_, &other_})
      ASSERT_THAT(backend_.add(ep_.get(), fd->get(), EPOLLIN), SyscallSucceeds());
  }

  void TearDown() override {
    ep_.reset();
    FaultTest::TearDown();
  }

  Faults sweepMod(std::uint32_t from, std::uint32_t to, const Fd& watched) {
    return sweepFaults({
        .prepare = [&, from] { checked(backend_.mod(ep_.get(), watched.get(), from), "mod"); },
        .call = [&, to] { return backend_.mod(ep_.get(), watched.get(), to); },
        .errors = {EFAULT},
        .meets_faults = false,
        .descriptors = instance_,
        .instances = instance_,
    });
  }

  Fd ep_;
  Fd watched_;
  Fd other_;
  const std::function<std::vector<int>()> instance_ = [this] {
    return std::vector<int>{ep_.get()};
  };
};

TEST_F(ChangeFaultTest, ModToAnotherMask) { sweepMod(EPOLLIN, EPOLLOUT, watched_); }

TEST_F(ChangeFaultTest, ModThatAsksForWakeup) {
  EXPECT_GT(sweepMod(EPOLLIN, EPOLLIN | EPOLLWAKEUP, watched_).injected, 0);
}

TEST_F(ChangeFaultTest, ModThatWithdrawsWakeup) {
  sweepMod(EPOLLIN | EPOLLWAKEUP, EPOLLIN, watched_);
}

TEST_F(ChangeFaultTest, ModOfAnInstance) {
  const Fd inner = backend_.instance();
  ASSERT_THAT(backend_.add(inner.get(), other_.get(), EPOLLIN), SyscallSucceeds());
  ASSERT_THAT(backend_.add(ep_.get(), inner.get(), EPOLLIN), SyscallSucceeds());
  EXPECT_GT(sweepMod(EPOLLIN, EPOLLIN | EPOLLWAKEUP, inner).injected, 0);
}

TEST_F(ChangeFaultTest, Del) {
  const Pty pty = makePty();
  const Fd& tty = pty.slave;
  sweepFaults({
      .prepare = [&] { checked(backend_.add(ep_.get(), tty.get(), EPOLLIN | EPOLLWAKEUP), "add"); },
      .call = [&] { return backend_.del(ep_.get(), tty.get()); },
      .errors = {EFAULT},
      .meets_faults = false,
      .descriptors = instance_,
      .instances = instance_,
  });
}

}  // namespace
}  // namespace xpoll_test
