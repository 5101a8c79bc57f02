// SPDX-License-Identifier: GPL-2.0-only
// The module's own start under faults. Without a module loaded; needs --xpoll.
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include <string>

#include "faults/fault_kinds.h"
#include "faults/nth_fault.h"
#include "load/hooks.h"
#include "load/load_test.h"
#include "load/pseudo_file.h"
#include "load/traffic.h"
#include "util/each_backend.h"
#include "util/matchers.h"
#include "util/raw.h"
#include "util/stress.h"

namespace xpoll_test {
namespace {

using testing::IsEmpty;

class LoadFaultTest : public LoadTest {
 protected:
  void SetUp() override {
    if (moduleFiles().xpoll.empty()) GTEST_SKIP() << "--xpoll names no module to load";
    if (!canInjectFaults()) GTEST_SKIP() << "this kernel injects no faults";
    LoadTest::SetUp();
    image_ = readText(moduleFiles().xpoll);
  }
  void TearDown() override {
    if (!IsSkipped()) LoadTest::TearDown();
  }

  // From memory, since files that are read under faults are not what is tested.
  int loadImage(const char* parameters) const {
    return static_cast<int>(syscall(SYS_init_module, image_.data(), image_.size(), parameters));
  }

  bool reachesPlace(unsigned n, const char* parameters) {
    NthFault fault;
    fault.arm(n);
    status_ = loadImage(parameters);
    error_ = errno;
    return fault.disarm();
  }

  // Places before the module's own code runs: as many as a load has that stops there.
  unsigned placesOfTheKernel() {
    constexpr const char* kRefused = "max_user_watches=-1";
    unsigned reached = 0;
    unsigned beyond = 1;
    while (reachesPlace(beyond, kRefused)) beyond *= 2;
    while (beyond - reached > 1) {
      const unsigned middle = (reached + beyond) / 2;
      (reachesPlace(middle, kRefused) ? reached : beyond) = middle;
    }
    return reached;
  }

  void expectNothingLeft() const {
    EXPECT_FALSE(xpoll_.loaded());
    EXPECT_THAT(access(kDevice, F_OK), SyscallFailsWithErrno(ENOENT));
    EXPECT_THAT(hookedFunctions(), IsEmpty());
  }

  void expectLoadsNow() const {
    ASSERT_THAT(loadImage(""), SyscallSucceeds()) << "the load after the failed one";
    Traffic().serve(1);
    ASSERT_THAT(xpoll_.unload(), SyscallSucceeds());
  }

  // Places from the module's first on, until a load meets no fault: each if XPOLL_STRESS is more
  // than 1, else every fifth, since a load and what undoes it take seconds.
  int sweepInit(FaultKinds::Beside kind) {
    // A load and an unload take a second of waiting for grace periods.
    constexpr unsigned kLoadsAgainEvery = 16;
    const unsigned step = stressRounds(1) > 1 ? 1 : 5;
    const FaultKinds kinds(kind);
    int failed = 0;
    for (unsigned n = placesOfTheKernel(); !HasFailure(); n += step) {
      SCOPED_TRACE(fmt::format("fault at place {}", n));
      const bool injected = reachesPlace(n, "");
      if (status_ == 0) {
        // A place that the kernel can do without, or none any more.
        EXPECT_THAT(xpoll_.unload(), SyscallSucceeds());
        if (!injected) break;
        continue;
      }
      ++failed;
      EXPECT_EQ(error_, ENOMEM) << errnoText(error_);
      expectNothingLeft();
      if (failed % kLoadsAgainEvery == 1) expectLoadsNow();
    }
    expectLoadsNow();
    return failed;
  }

  // The first group that needs a second level. Return: whether it came to the n-th place.
  bool makesGroupAfterReload(unsigned n) {
    constexpr int kOfOneLevel = 63;
    xpoll_.mustLoad();
    for (int i = 0; i < kOfOneLevel; ++i)
      checked(ioctl(openDevice().get(), XPOLL_IOC_GROUP), "XPOLL_IOC_GROUP");
    Fd device = openDevice();
    NthFault fault;
    fault.arm(n);
    status_ = ioctl(device.get(), XPOLL_IOC_GROUP);
    error_ = errno;
    const bool injected = fault.disarm();
    if (status_ < 0) {
      EXPECT_EQ(error_, ENOMEM) << errnoText(error_);
    }
    device.reset();
    xpoll_.mustUnload();
    return injected;
  }

  std::string image_;
  int status_ = 0;
  int error_ = 0;
};

TEST_F(LoadFaultTest, AFailedAllocationRefusesTheModuleAndLeavesNothing) {
  const int failed = sweepInit(FaultKinds::Beside::kSlab);
  fmt::print("# {} loads failed\n", failed);
  RecordProperty("failed", failed);
  EXPECT_GT(failed, 0);
}

TEST_F(LoadFaultTest, AFailedPageRefusesTheModuleAndLeavesNothing) {
  const int failed = sweepInit(FaultKinds::Beside::kPages);
  fmt::print("# {} loads failed\n", failed);
  RecordProperty("failed", failed);
}

// The table of groups gets a second level at number 64. An allocation for each: a call that had the
// first and not the second must not leave the first behind. Nobody may call again, since that would
// use it; whether it is gone is what the guest's search for leaks says.
TEST_F(LoadFaultTest, AGroupThatFailsHalfwayLeavesNothingWhenTheModuleIsUnloaded) {
  const FaultKinds kinds(FaultKinds::Beside::kSlab);
  int failed = 0;
  for (unsigned n = 1; makesGroupAfterReload(n); ++n) failed += status_ < 0;
  EXPECT_GE(failed, 3) << "the group, two levels";
}

}  // namespace
}  // namespace xpoll_test
