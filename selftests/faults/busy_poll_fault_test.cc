// SPDX-License-Identifier: GPL-2.0-only
#include <linux/xpoll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <vector>

#include "faults/fault_test.h"
#include "faults/sweep.h"
#include "util/each_backend.h"
#include "util/matchers.h"

namespace xpoll::test {
namespace {

class BusyPollFaultTest : public FaultTest {
 protected:
  void SetUp() override {
    FaultTest::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    if (access("/proc/sys/net/core/busy_poll", F_OK) != 0)
      GTEST_SKIP() << "the kernel has no busy polling";
    ep_ = Backend::xpoll().instance();
    ASSERT_THAT(set(1), SyscallSucceeds());
  }

  int set(std::uint32_t usecs) const {
    struct xpoll_busy_poll parameters {};
    parameters.usecs = usecs;
    return ioctl(ep_.get(), XPOLL_IOC_SET_BUSY_POLL, &parameters);
  }
  std::uint32_t usecs() const {
    struct xpoll_busy_poll parameters {};
    return ioctl(ep_.get(), XPOLL_IOC_GET_BUSY_POLL, &parameters) == 0 ? parameters.usecs : 0;
  }

  unique_fd ep_;
};

TEST_F(BusyPollFaultTest, Set) {
  sweep_faults({
      .prepare = [&] { ASSERT_THAT(set(1), SyscallSucceeds()); },
      .call =
          [&] {
            const int result = set(2);
            const int error = errno;
            if (result < 0) EXPECT_EQ(usecs(), 1U);
            errno = error;
            return result;
          },
      .undo =
          [&] {
            EXPECT_EQ(usecs(), 2U);
            ASSERT_THAT(set(1), SyscallSucceeds());
          },
      .errors = {EFAULT},
      .descriptors = [&] { return std::vector<int>{ep_.get()}; },
  });
}

TEST_F(BusyPollFaultTest, Get) {
  struct xpoll_busy_poll parameters {};
  sweep_faults({
      .call = [&] { return ioctl(ep_.get(), XPOLL_IOC_GET_BUSY_POLL, &parameters); },
      .errors = {EFAULT},
      .descriptors = [&] { return std::vector<int>{ep_.get()}; },
  });
  EXPECT_EQ(parameters.usecs, 1U);
}

}  // namespace
}  // namespace xpoll::test
