// SPDX-License-Identifier: GPL-2.0-only
#include <linux/time_types.h>
#include <sys/ioctl.h>

#include "faults/fault_test.h"
#include "faults/sweep.h"
#include "tools/util/descriptors.h"
#include "tools/util/eventfd.h"
#include "util/matchers.h"
#include "util/raw.h"

namespace xpoll::test {
namespace {

constexpr std::uint32_t kSigsetSize = 8;
constexpr std::int64_t kShortNs = 1'000'000;

class WaitFaultTest : public FaultTest {
 protected:
  void SetUp() override {
    FaultTest::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    ep_ = backend_.instance();
    ready_ = make_eventfd(1);
    idle_ = make_eventfd();
    for (const unique_fd* fd : {&ready_, &idle_})
      ASSERT_THAT(backend_.add(ep_.get(), fd->get(), EPOLLIN), SyscallSucceeds());
  }

  void TearDown() override {
    ep_.reset();
    FaultTest::TearDown();
  }

  void sweep_wait(struct xpoll_wait arguments, bool meets_faults) {
    sweep_faults({
        .call = [&] { return ioctl(ep_.get(), XPOLL_IOC_WAIT, &arguments); },
        .errors = {EFAULT},
        .meets_faults = meets_faults,
        .descriptors = instance_,
        .instances = instance_,
    });
  }

  struct xpoll_wait arguments(std::int64_t timeout_ns) {
    struct xpoll_wait arguments = wait_arguments(&event_, 1);
    arguments.timeout_ns = timeout_ns;
    return arguments;
  }

  void block_all_in(struct xpoll_wait& arguments) {
    sigfillset(&mask_);
    arguments.sigmask = address(&mask_);
    arguments.sigsetsize = kSigsetSize;
  }

  unique_fd ep_;
  unique_fd ready_;
  unique_fd idle_;
  epoll_event event_{};
  sigset_t mask_{};
  const std::function<std::vector<int>()> instance_ = [this] {
    return std::vector<int>{ep_.get()};
  };
};

TEST_F(WaitFaultTest, WithSomethingReady) { sweep_wait(arguments(-1), false); }

TEST_F(WaitFaultTest, ThatSleepsUntilItsTimeIsOver) {
  take(ready_);
  sweep_wait(arguments(kShortNs), false);
}

TEST_F(WaitFaultTest, WithASignalMask) {
  struct xpoll_wait wait = arguments(-1);
  block_all_in(wait);
  sweep_wait(wait, true);
}

TEST_F(WaitFaultTest, ThatSleepsWithATimespecAndASignalMask) {
  take(ready_);
  const __kernel_timespec time{.tv_sec = 0, .tv_nsec = kShortNs};
  struct xpoll_wait wait = arguments(static_cast<std::int64_t>(address(&time)));
  wait.flags = XPOLL_WAIT_TIMESPEC;
  block_all_in(wait);
  sweep_wait(wait, true);
}

}  // namespace
}  // namespace xpoll::test
