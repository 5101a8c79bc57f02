// SPDX-License-Identifier: GPL-2.0-only
#include "verdict.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kernel_log.h"
#include "report.h"

namespace xpoll::vm {
namespace {

GuestRun good_run() {
  GuestRun run;
  run.finished = true;
  run.boot_seconds = 3.0;
  run.status = 0;
  return run;
}

TEST(Verdict, AFinishedRunWithStatusZeroPasses) {
  const Verdict verdict = judge(good_run());
  EXPECT_EQ(verdict.outcome, Outcome::kPassed);
  EXPECT_EQ(verdict.exit_status, 0);
}

TEST(Verdict, TheCommandsStatusIsPassedOn) {
  GuestRun run = good_run();
  run.status = 7;
  EXPECT_EQ(judge(run).outcome, Outcome::kCommandFailed);
  EXPECT_EQ(judge(run).exit_status, 7);
}

TEST(Verdict, ASuccessfulCommandExcusesNoComplaint) {
  GuestRun run = good_run();
  run.kernel_log = "BUG: scheduling while atomic\n";
  EXPECT_EQ(judge(run).outcome, Outcome::kLogDirty);
}

TEST(Verdict, ASuccessfulCommandExcusesNoLeak) {
  GuestRun run = good_run();
  run.leak = true;
  EXPECT_EQ(judge(run).outcome, Outcome::kLeaked);
}

TEST(Verdict, ASuccessfulCommandExcusesNoStuckModule) {
  GuestRun run = good_run();
  run.stuck = "Resource temporarily unavailable";
  EXPECT_EQ(judge(run).outcome, Outcome::kUnloadFailed);
}

TEST(Verdict, WithoutTheGuestsLastWordNothingPasses) {
  GuestRun run = good_run();
  run.finished = false;
  EXPECT_EQ(judge(run).outcome, Outcome::kCrashed);
}

TEST(Verdict, TellsHowQemuEndedUnderARunningCommand) {
  GuestRun run = good_run();
  run.finished = false;
  run.qemu_status = 139;
  run.qemu_errors = "qemu: fatal\n";
  EXPECT_THAT(judge(run).reason, testing::HasSubstr("QEMU ended with 139"));
  EXPECT_THAT(judge(run).excerpt, testing::HasSubstr("qemu: fatal"));
}

TEST(Verdict, AGuestThatNeverRanTheCommandDidNotBoot) {
  EXPECT_EQ(judge(GuestRun{}).outcome, Outcome::kBootFailed);
}

TEST(Verdict, AKvmThatRunsNothingIsNamed) {
  GuestRun run;
  run.kvm = true;
  run.time_limit = true;
  EXPECT_EQ(judge(run).outcome, Outcome::kBootFailed);
  EXPECT_NE(judge(run).reason.find("/dev/kvm"), std::string::npos);
}

TEST(Verdict, AHangIsTheTimeLimit) {
  GuestRun run = good_run();
  run.finished = false;
  run.time_limit = true;
  EXPECT_EQ(judge(run).outcome, Outcome::kTimeLimit);
}

TEST(Verdict, AnOopsThatHangsTheGuestIsACrash) {
  GuestRun run = good_run();
  run.finished = false;
  run.time_limit = true;
  run.console = "Oops: 0000 [#1]\n";
  EXPECT_EQ(judge(run).outcome, Outcome::kCrashed);
}

TEST(Verdict, TheCommandBesideCounts) {
  GuestRun run = good_run();
  run.beside_status = 1;
  EXPECT_EQ(judge(run).outcome, Outcome::kBesideFailed);
}

TEST(Verdict, ARefusedModuleIsNamed) {
  GuestRun run = good_run();
  run.status.reset();
  run.refused = "Operation not permitted";
  EXPECT_EQ(judge(run).outcome, Outcome::kModuleRefused);
}

TEST(Retry, IsForAGuestThatDidNotComeUp) {
  GuestRun run;
  EXPECT_TRUE(worth_a_retry(run));
  run.console = "BUG: KASAN: use-after-free in xp_ctl\n";
  EXPECT_FALSE(worth_a_retry(run));
}

TEST(Retry, IsNotForAModuleThatDidNotLoad) {
  GuestRun run;
  apply_report(parse_report("ready 1.5"), run);
  EXPECT_FALSE(worth_a_retry(run)) << "it ended while it loaded the module";
  apply_report(parse_report("load Operation not permitted"), run);
  EXPECT_FALSE(worth_a_retry(run));
}

TEST(Retry, IsForAGuestThatPatchedItsText) {
  GuestRun run;
  apply_report(parse_report("ready 1.5"), run);
  run.console = "int3: 0000 [#1] PREEMPT SMP NOPTI\nRIP: 0010:sched_clock+0x5/0x10\n";
  ASSERT_TRUE(is_text_patching_crash(run.console));
  EXPECT_TRUE(worth_a_retry(run));
}

}  // namespace
}  // namespace xpoll::vm
