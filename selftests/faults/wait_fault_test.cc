// SPDX-License-Identifier: GPL-2.0-only
#include <linux/time_types.h>
#include <sys/ioctl.h>

#include "faults/fault_test.h"
#include "faults/sweep.h"
#include "util/descriptors.h"
#include "util/eventfd.h"
#include "util/matchers.h"
#include "util/raw.h"

namespace xpoll_test {
namespace {

constexpr std::uint32_t kSigsetSize = 8;
constexpr std::int64_t kShortNs = 1'000'000;

class WaitFaultTest : public FaultTest {
 protected:
  void SetUp() override {
    FaultTest::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    ep_ = backend_.instance();
    ready_ = makeEventfd(1);
    idle_ = makeEventfd();
    for (const Fd* fd : {&ready_, &idle_})
      ASSERT_THAT(backend_.add(ep_.get(), fd->get(), EPOLLIN), SyscallSucceeds());
  }

  void TearDown() override {
    ep_.reset();
    FaultTest::TearDown();
  }

  void sweepWait(struct xpoll_wait arguments, bool meets_faults) {
    sweepFaults({
        .call = [&] { return ioctl(ep_.get(), XPOLL_IOC_WAIT, &arguments); },
        .errors = {EFAULT},
        .meets_faults = meets_faults,
        .descriptors = instance_,
        .instances = instance_,
    });
  }

  struct xpoll_wait arguments(std::int64_t timeout_ns) {
    struct xpoll_wait arguments = waitArguments(&event_, 1);
    arguments.timeout_ns = timeout_ns;
    return arguments;
  }

  void blockAllIn(struct xpoll_wait& arguments) {
    sigfillset(&mask_);
    arguments.sigmask = address(&mask_);
    arguments.sigsetsize = kSigsetSize;
  }

  Fd ep_;
  Fd ready_;
  Fd idle_;
  epoll_event event_{};
  sigset_t mask_{};
  const std::function<std::vector<int>()> instance_ = [this] {
    return std::vector<int>{ep_.get()};
  };
};

TEST_F(WaitFaultTest, WithSomethingReady) { sweepWait(arguments(-1), false); }

TEST_F(WaitFaultTest, ThatSleepsUntilItsTimeIsOver) {
  take(ready_);
  sweepWait(arguments(kShortNs), false);
}

TEST_F(WaitFaultTest, WithASignalMask) {
  struct xpoll_wait wait = arguments(-1);
  blockAllIn(wait);
  sweepWait(wait, true);
}

TEST_F(WaitFaultTest, ThatSleepsWithATimespecAndASignalMask) {
  take(ready_);
  const __kernel_timespec time{.tv_sec = 0, .tv_nsec = kShortNs};
  struct xpoll_wait wait = arguments(static_cast<std::int64_t>(address(&time)));
  wait.flags = XPOLL_WAIT_TIMESPEC;
  blockAllIn(wait);
  sweepWait(wait, true);
}

}  // namespace
}  // namespace xpoll_test
