// SPDX-License-Identifier: GPL-2.0-only
// Faults while the module loads. Runs without the module loaded; needs --xpoll.
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include <string>

#include "faults/fault_kinds.h"
#include "faults/nth_fault.h"
#include "faults/worker_fault.h"
#include "load/hooks.h"
#include "load/load_test.h"
#include "load/pseudo_file.h"
#include "load/traffic.h"
#include "util/each_backend.h"
#include "util/matchers.h"
#include "util/raw.h"
#include "util/stress.h"

namespace xpoll::test {
namespace {

using testing::IsEmpty;

class LoadFaultTest : public LoadTest {
 protected:
  void SetUp() override {
    if (module_files().xpoll.empty()) GTEST_SKIP() << "--xpoll names no module to load";
    if (!can_inject_faults()) GTEST_SKIP() << "this kernel injects no faults";
    LoadTest::SetUp();
    image_ = read_text(module_files().xpoll);
  }
  void TearDown() override {
    if (!IsSkipped()) LoadTest::TearDown();
  }

  // Load from memory, since faults while reading files are not under test.
  int load_image(const char* parameters) const {
    return static_cast<int>(syscall(SYS_init_module, image_.data(), image_.size(), parameters));
  }

  // Returns the number of places that the load did not reach.
  unsigned load_with_fault(unsigned n, const char* parameters) {
    NthFault fault;
    fault.arm(n);
    status_ = load_image(parameters);
    error_ = errno;
    return fault.disarm();
  }

  unsigned places_of_load(const char* parameters) {
    constexpr unsigned kBeyondAll = 1'000'000;
    return kBeyondAll - load_with_fault(kBeyondAll, parameters);
  }

  void expect_nothing_left() const {
    EXPECT_FALSE(xpoll_.loaded());
    EXPECT_THAT(access(kDevice, F_OK), SyscallFailsWithErrno(ENOENT));
    EXPECT_THAT(hooked_functions(), IsEmpty());
  }

  // EFAULT: the image is copied from user space here. EINVAL: ftrace had no memory to record the
  // module's functions, and the module asks for one of them.
  void expect_refused() const {
    EXPECT_THAT(error_, testing::AnyOf(ENOMEM, EFAULT, EINVAL)) << errno_text(error_);
    expect_nothing_left();
  }

  void expect_loads_now() const {
    ASSERT_THAT(load_image(""), SyscallSucceeds()) << "the load after the failed one";
    Traffic().serve(1);
    ASSERT_THAT(xpoll_.unload(), SyscallSucceeds());
  }

  // Sweeps from one place on, in steps, until a load meets no fault.
  int sweep_loads(unsigned first, unsigned step) {
    // A load and an unload take a second, waiting for grace periods.
    constexpr unsigned kLoadsAgainEvery = 16;
    int failed = 0;
    for (unsigned n = first; !HasFailure(); n += step) {
      SCOPED_TRACE(fmt::format("fault at place {}", n));
      const bool injected = load_with_fault(n, "") == 0;
      if (status_ == 0) {
        // The kernel can do without this allocation, or there is no further place.
        EXPECT_THAT(xpoll_.unload(), SyscallSucceeds());
        if (!injected) break;
        ++out_of_memory_;
        continue;
      }
      ++failed;
      out_of_memory_ += error_ == ENOMEM;
      expect_refused();
      if (failed % kLoadsAgainEvery == 1) expect_loads_now();
    }
    expect_loads_now();
    fmt::print("# {} loads failed\n", failed);
    RecordProperty("failed", failed);
    return failed;
  }

  // Creates the first group that needs a second level. Return: whether the n-th place was reached.
  bool makes_group_after_reload(unsigned n) {
    constexpr int kOfOneLevel = 63;
    xpoll_.must_load();
    for (int i = 0; i < kOfOneLevel; ++i)
      checked(ioctl(open_device().get(), XPOLL_IOC_GROUP), "XPOLL_IOC_GROUP");
    unique_fd device = open_device();
    NthFault fault;
    fault.arm(n);
    status_ = ioctl(device.get(), XPOLL_IOC_GROUP);
    error_ = errno;
    const bool injected = fault.disarm() == 0;
    if (status_ < 0) {
      EXPECT_EQ(error_, ENOMEM) << errno_text(error_);
    }
    device.reset();
    xpoll_.must_unload();
    return injected;
  }

  std::string image_;
  int status_ = 0;
  int error_ = 0;
  int out_of_memory_ = 0;  // loads of sweep_loads() that failed with ENOMEM, or did without
};

// A refused parameter is the last failure before the kernel creates the module in sysfs and starts
// it. Tests all places from there on if XPOLL_STRESS exceeds 1, otherwise some hundred.
TEST_F(LoadFaultTest, AFailedAllocationRefusesTheModuleAndLeavesNothing) {
  constexpr unsigned kSamples = 100;
  const FaultKinds kinds(FaultKinds::Beside::kSlab);
  const unsigned refused = places_of_load("max_user_watches=-1");
  EXPECT_LT(status_, 0);
  const unsigned all = places_of_load("");
  EXPECT_THAT(status_, SyscallSucceeds());
  xpoll_.must_unload();
  ASSERT_GT(all, refused + kSamples);
  EXPECT_GT(sweep_loads(refused, stress_rounds(1) > 1 ? 1 : (all - refused) / kSamples), 0);
}

// Which places need a page depends on the content of the caches. vmalloc() tries again by single
// pages.
TEST_F(LoadFaultTest, AFailedPageRefusesTheModuleAndLeavesNothingOrDoesNoHarm) {
  const FaultKinds kinds(FaultKinds::Beside::kPages);
  EXPECT_GT(sweep_loads(1, 1), 0);
  EXPECT_GT(out_of_memory_, 0) << "only copies from user space failed";
}

// The self-test runs in a kernel worker.
TEST_F(LoadFaultTest, AFailedAllocationOfItsSelfTestRefusesTheModuleAndLeavesNothing) {
  constexpr long kMostBytes = 2048;
  constexpr long kSmallest = 64;
  int failed = 0;
  for (long bytes_before = 0; bytes_before < kMostBytes; bytes_before += kSmallest) {
    SCOPED_TRACE(fmt::format("fault after {} bytes", bytes_before));
    {
      const WorkerFault fault(bytes_before);
      status_ = load_image("");
      error_ = errno;
    }
    if (status_ == 0) {
      xpoll_.must_unload();
      continue;
    }
    ++failed;
    expect_refused();
  }
  expect_loads_now();
  fmt::print("# {} loads failed\n", failed);
  EXPECT_GE(failed, 4) << "the instance, the file, the item, the hook";
}

// The table of groups gets a second level at number 64, which takes two allocations. A call that
// fails at the second one must not leak the first. No later call may follow, since it would use the
// first allocation; the guest's leak check shows whether it was freed.
TEST_F(LoadFaultTest, AGroupThatFailsHalfwayLeavesNothingWhenTheModuleIsUnloaded) {
  const FaultKinds kinds(FaultKinds::Beside::kSlab);
  int failed = 0;
  for (unsigned n = 1; makes_group_after_reload(n); ++n) failed += status_ < 0;
  EXPECT_GE(failed, 3) << "the group, two levels";
}

}  // namespace
}  // namespace xpoll::test
