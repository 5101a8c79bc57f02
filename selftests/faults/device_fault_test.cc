// SPDX-License-Identifier: GPL-2.0-only
#include <sys/epoll.h>
#include <sys/ioctl.h>

#include "faults/fault_test.h"
#include "faults/sweep.h"
#include "util/each_backend.h"
#include "util/epoll_calls.h"
#include "util/matchers.h"
#include "util/raw.h"

namespace xpoll::test {
namespace {

class DeviceFaultTest : public FaultTest {
 protected:
  void SetUp() override {
    FaultTest::SetUp();
    if (!IsSkipped() && !HasFatalFailure()) device_ = open_device();
  }

  void sweep_create(std::uint32_t group) {
    struct xpoll_create create {
      .flags = XPOLL_CLOEXEC, .group = group
    };
    unique_fd created;
    sweep_faults({
        .call =
            [&] {
              created = unique_fd(ioctl(device_.get(), XPOLL_IOC_CREATE, &create));
              return created.get();
            },
        .undo = [&] { created.reset(); },
        .errors = {EFAULT, ENOMEM, ENFILE},
        .descriptors = descriptors_,
    });
  }

  unique_fd device_;
  const std::function<std::vector<int>()> descriptors_ = [this] {
    return std::vector<int>{device_.get()};
  };
};

TEST_F(DeviceFaultTest, Open) {
  unique_fd opened;
  sweep_faults({
      .call =
          [&] {
            opened = unique_fd(open(kDevice, O_RDWR | O_CLOEXEC));
            return opened.get();
          },
      .undo = [&] { opened.reset(); },
      .errors = {EFAULT, ENOMEM, ENFILE},
  });
}

TEST_F(DeviceFaultTest, Features) {
  struct xpoll_features features {};
  sweep_faults({
      .call = [&] { return ioctl(device_.get(), XPOLL_IOC_FEATURES, &features); },
      .errors = {EFAULT},
  });
}

TEST_F(DeviceFaultTest, Create) { sweep_create(0); }

TEST_F(DeviceFaultTest, CreateInAGroup) {
  const int group = ioctl(device_.get(), XPOLL_IOC_GROUP);
  ASSERT_THAT(group, SyscallSucceeds());
  sweep_create(static_cast<std::uint32_t>(group));
}

// The hooks on epoll's functions are attached before: that takes thousands of allocations.
TEST_F(DeviceFaultTest, ProcessInAGroup) {
  const int group = ioctl(device_.get(), XPOLL_IOC_GROUP);
  ASSERT_THAT(group, SyscallSucceeds());
  ASSERT_THAT(in_opted_process([] { return 0; }), SyscallSucceeds());
  struct xpoll_process process {};
  process.mode = XPOLL_PROCESS_XPOLL;
  process.group = static_cast<std::uint32_t>(group);
  sweep_faults({
      .call = [&] { return ioctl(device_.get(), XPOLL_IOC_PROCESS, &process); },
      .undo = [] { set_process(XPOLL_PROCESS_NATIVE); },
      .errors = {EFAULT, ENOMEM},
      .descriptors = descriptors_,
  });
}

TEST_F(DeviceFaultTest, EpollCreateInAnOptedProcess) {
  ASSERT_THAT(set_process(XPOLL_PROCESS_XPOLL), SyscallSucceeds());
  unique_fd created;
  sweep_faults({
      .call =
          [&] {
            created = unique_fd(epoll_create1(EPOLL_CLOEXEC));
            return created.get();
          },
      .undo = [&] { created.reset(); },
      .errors = {ENOMEM, ENFILE},
      .descriptors = descriptors_,
  });
  EXPECT_TRUE(creates_instances());
  EXPECT_THAT(set_process(XPOLL_PROCESS_NATIVE), SyscallSucceedsWithValue(1));
}

TEST_F(DeviceFaultTest, Group) {
  unique_fd device;
  sweep_faults({
      .prepare = [&] { device = open_device(); },
      .call = [&] { return ioctl(device.get(), XPOLL_IOC_GROUP); },
      .undo = [&] { device.reset(); },
      .errors = {ENOMEM},
      .descriptors = [&] { return std::vector<int>{device.get()}; },
  });
}

TEST_F(DeviceFaultTest, KeyOfAGroup) {
  ASSERT_THAT(ioctl(device_.get(), XPOLL_IOC_GROUP), SyscallSucceeds());
  std::uint64_t key = 0;
  sweep_faults({
      .call = [&] { return ioctl(device_.get(), XPOLL_IOC_KEY, &key); },
      .errors = {EFAULT},
      .descriptors = descriptors_,
  });
}

TEST_F(DeviceFaultTest, StatsOfAGroup) {
  ASSERT_THAT(ioctl(device_.get(), XPOLL_IOC_GROUP), SyscallSucceeds());
  struct xpoll_stats stats {};
  sweep_faults({
      .call = [&] { return ioctl(device_.get(), XPOLL_IOC_STATS, &stats); },
      .errors = {EFAULT},
      .descriptors = descriptors_,
  });
}

TEST_F(DeviceFaultTest, StatsOfAnInstance) {
  const unique_fd ep = backend_.instance();
  struct xpoll_stats stats {};
  sweep_faults({
      .call = [&] { return ioctl(ep.get(), XPOLL_IOC_STATS, &stats); },
      .errors = {EFAULT},
      .descriptors = [&] { return std::vector<int>{ep.get()}; },
  });
}

}  // namespace
}  // namespace xpoll::test
