// SPDX-License-Identifier: GPL-2.0-only
// kernel.ftrace_enabled: switching it off would disable the hook.
#include <cerrno>

#include "load/kernel_log.h"
#include "load/load_test.h"
#include "load/pseudo_file.h"
#include "load/traffic.h"
#include "util/each_backend.h"
#include "util/matchers.h"

namespace xpoll::test {
namespace {

using testing::HasSubstr;

constexpr const char* kSwitch = "/proc/sys/kernel/ftrace_enabled";

class FtraceSwitchTest : public LoadTest {
 protected:
  void SetUp() override {
    LoadTest::SetUp();
    if (write_text(kSwitch, "0") < 0 && errno == EOPNOTSUPP)
      GTEST_SKIP() << "this kernel lets nobody switch ftrace off";
    must_write(kSwitch, "1");
  }
  void TearDown() override {
    EXPECT_THAT(write_text(kSwitch, "1"), SyscallSucceeds());
    LoadTest::TearDown();
  }
};

TEST_F(FtraceSwitchTest, WithFtraceOffItDoesNotLoadAndSaysWhy) {
  const KernelLog log;
  must_write(kSwitch, "0");
  EXPECT_THAT(xpoll_.load(), SyscallFailsWithErrno(EBUSY));
  EXPECT_THAT(log.news(), HasSubstr("kernel.ftrace_enabled=1"));
  EXPECT_FALSE(xpoll_.loaded());
  EXPECT_THAT(access(kDevice, F_OK), SyscallFailsWithErrno(ENOENT));
}

TEST_F(FtraceSwitchTest, SwitchedOnAgainItLoads) {
  must_write(kSwitch, "0");
  EXPECT_THAT(xpoll_.load(), SyscallFailsWithErrno(EBUSY));
  must_write(kSwitch, "1");
  xpoll_.must_load();
  Traffic().serve(10);
}

TEST_F(FtraceSwitchTest, WhileLoadedFtraceCannotBeSwitchedOff) {
  xpoll_.must_load();
  Traffic traffic;
  traffic.serve(1);
  EXPECT_THAT(write_text(kSwitch, "0"), SyscallFailsWithErrno(EBUSY));
  EXPECT_EQ(read_text(kSwitch), "1\n");
  traffic.serve(10);
}

TEST_F(FtraceSwitchTest, AfterUnloadFtraceCanBeSwitchedOff) {
  xpoll_.must_load();
  xpoll_.must_unload();
  EXPECT_THAT(write_text(kSwitch, "0"), SyscallSucceeds());
}

}  // namespace
}  // namespace xpoll::test
