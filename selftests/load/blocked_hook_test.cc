// SPDX-License-Identifier: GPL-2.0-only
// Another user of ftrace, such as a BPF program, has a direct call where the module needs its own.
#include <string>

#include "load/hooks.h"
#include "load/kernel_log.h"
#include "load/load_test.h"
#include "load/traffic.h"
#include "util/each_backend.h"
#include "util/matchers.h"

namespace xpoll::test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::string kBlockFirst = std::string("functions=") + kFirstHook;
const std::string kBlockSecond = std::string("functions=") + kSecondHook;
const std::string kBlockBoth = kBlockFirst + "," + kSecondHook;

constexpr int kConnections = 20;

class BlockedHookTest : public LoadTest {};

TEST_F(BlockedHookTest, UnblockedItTakesTheFirst) {
  xpoll_.must_load();
  EXPECT_THAT(hooked_functions(), ElementsAre(kFirstHook));
}

TEST_F(BlockedHookTest, WithTheFirstTakenItLoadsThroughTheSecond) {
  const LoadedModule taken(blocker_, kBlockFirst);
  const KernelLog log;
  xpoll_.must_load();
  EXPECT_THAT(hooked_functions(), ElementsAre(kSecondHook));
  EXPECT_THAT(log.news(), HasSubstr("can't hook locks_remove_file"));
  Traffic().serve(kConnections);
}

TEST_F(BlockedHookTest, WithTheSecondTakenItLoadsThroughTheFirst) {
  const LoadedModule taken(blocker_, kBlockSecond);
  xpoll_.must_load();
  EXPECT_THAT(hooked_functions(), ElementsAre(kFirstHook));
  Traffic().serve(kConnections);
}

TEST_F(BlockedHookTest, WhoTookTheFirstMayLeaveWhileTheModuleIsAtWork) {
  blocker_.must_load(kBlockFirst);
  xpoll_.must_load();
  Traffic traffic;
  traffic.serve(1);
  blocker_.must_unload();
  traffic.serve(kConnections);
  EXPECT_THAT(hooked_functions(), ElementsAre(kSecondHook));
}

TEST_F(BlockedHookTest, WhatTheModuleTookIsRefusedToOthersAndWorksOn) {
  xpoll_.must_load();
  Traffic traffic;
  EXPECT_THAT(blocker_.load(kBlockFirst), SyscallFailsWithErrno(EBUSY));
  traffic.serve(kConnections);
}

TEST_F(BlockedHookTest, WithBothTakenItDoesNotLoadAndSaysWhy) {
  const LoadedModule taken(blocker_, kBlockBoth);
  const KernelLog log;
  EXPECT_THAT(xpoll_.load(), SyscallFailsWithErrno(EBUSY));
  EXPECT_THAT(log.news(),
              AllOf(HasSubstr("can't hook locks_remove_file"), HasSubstr("can't hook __fput"),
                    HasSubstr("a BPF program or the like is there"),
                    HasSubstr("no hook on the last close of a file")));
}

TEST_F(BlockedHookTest, ALoadThatFailedLeavesNothingBehind) {
  {
    const LoadedModule taken(blocker_, kBlockBoth);
    // Twice: state left by the first attempt would break the second one.
    EXPECT_THAT(xpoll_.load(), SyscallFailsWithErrno(EBUSY));
    EXPECT_THAT(xpoll_.load(), SyscallFailsWithErrno(EBUSY));
    EXPECT_FALSE(xpoll_.loaded());
    EXPECT_THAT(access(kDevice, F_OK), SyscallFailsWithErrno(ENOENT));
    EXPECT_THAT(hooked_functions(), IsEmpty());
  }
  xpoll_.must_load();
  EXPECT_THAT(hooked_functions(), ElementsAre(kFirstHook));
  Traffic().serve(kConnections);
}

}  // namespace
}  // namespace xpoll::test
