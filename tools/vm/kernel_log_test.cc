// SPDX-License-Identifier: GPL-2.0-only
#include "kernel_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace xpoll::vm {
namespace {

using testing::HasSubstr;

constexpr const char* kHealthy =
    "[    0.000000] Linux version 6.1.0-56-amd64\n"
    "[    0.027841] RETBleed: WARNING: Spectre v2 mitigation leaves CPU vulnerable to RETBleed "
    "attacks, data leaks possible!\n"
    "[    0.037361] Speculative Return Stack Overflow: WARNING: See https://kernel.org/doc/html/\n"
    "[    0.100000] Lock dependency validator: Copyright (c) 2006 Red Hat, Inc., Ingo Molnar\n"
    "[    2.000000] xpoll: loading out-of-tree module taints kernel.\n"
    "[    2.000001] xpoll: module verification failed: signature and/or required key missing\n";

TEST(KernelLog, HealthyBootIsClean) { EXPECT_FALSE(judge_kernel_log(kHealthy)); }

TEST(KernelLog, EmptyLogIsClean) { EXPECT_FALSE(judge_kernel_log("")); }

class Complaint : public testing::TestWithParam<const char*> {};

TEST_P(Complaint, IsFoundAmongHealthyLines) {
  const auto finding = judge_kernel_log(std::string{kHealthy} + "[ 3.0] " + GetParam() + "\n");
  ASSERT_TRUE(finding);
  EXPECT_THAT(finding->line, HasSubstr(GetParam()));
}

INSTANTIATE_TEST_SUITE_P(
    Texts, Complaint,
    testing::Values("WARNING: CPU: 0 PID: 1 at lib/refcount.c:28",
                    "WARNING: possible circular locking dependency detected",
                    "WARNING: suspicious RCU usage", "INFO: possible recursive locking detected",
                    "WARNING: inconsistent lock state", "BUG: scheduling while atomic: sh/1/0x2",
                    "BUG: sleeping function called from invalid context at mm/slab.h:274",
                    "BUG: KASAN: use-after-free in xp_wait+0x1/0x2",
                    "BUG: KCSAN: data-race in xp_wait / xp_ctl", "UBSAN: shift-out-of-bounds in",
                    "INFO: task sh:123 blocked for more than 120 seconds.",
                    "rcu: INFO: rcu_preempt detected stalls on CPUs/tasks:",
                    "watchdog: BUG: soft lockup - CPU#0 stuck for 22s!",
                    "Call Trace:", "Call trace:"));

TEST(KernelLog, TheStackOfAFailedAllocationIsNoComplaint) {
  const std::string shortage =
      "[ 1.0] kmem_cache_create_usercopy(xpoll_epi) failed with error -12\n"
      "[ 1.0] CPU: 1 PID: 85 Comm: xpoll-faults\n"
      "[ 1.0] Call Trace:\n"
      "[ 1.0]  kmem_cache_create+0x16/0x20\n";
  EXPECT_FALSE(judge_kernel_log(shortage));
  EXPECT_TRUE(judge_kernel_log(shortage + "[ 2.0] Call Trace:\n")) << "another's stack";
}

constexpr const char* kKmsanBegins =
    "[ 9.0] =====================================================\n"
    "[ 9.1] BUG: KMSAN: uninit-value in ip_send_unicast_reply+0x19a1/0x1ba0\n"
    "[ 9.2]  tcp_v4_send_ack+0xc59/0xee0\n";
constexpr const char* kKmsanEnds =
    "[ 9.8] CPU: 1 PID: 87 Comm: xpoll-selftests Tainted: G    B      O       6.1.192 #1\n"
    "[ 9.9] =====================================================\n";

TEST(KernelLog, AKmsanReportWithoutTheModuleIsNoComplaint) {
  EXPECT_FALSE(judge_kernel_log(std::string{kKmsanBegins} + kKmsanEnds));
}

TEST(KernelLog, AKmsanReportWithTheModuleInAStackIsAComplaint) {
  EXPECT_TRUE(judge_kernel_log(std::string{kKmsanBegins} +
                               "[ 9.3]  xp_stats_add+0x3ed/0x630 [xpoll]\n" + kKmsanEnds));
}

TEST(KernelLog, AKmsanReportThatDoesNotEndIsAComplaint) {
  EXPECT_TRUE(judge_kernel_log(kKmsanBegins));
}

TEST(KernelLog, AComplaintAfterAKmsanReportWithoutTheModuleIsFound) {
  EXPECT_TRUE(judge_kernel_log(std::string{kKmsanBegins} + kKmsanEnds + "[ 9.9] BUG: other\n"));
}

TEST(KernelLog, AnOopsIsACrash) {
  const auto finding = judge_kernel_log("[ 1.0] Oops: 0002 [#1] PREEMPT SMP\n");
  ASSERT_TRUE(finding);
  EXPECT_EQ(finding->severity, Severity::kCrash);
}

TEST(KernelLog, ThePanicThatAWarningCausesIsNoCrash) {
  const auto finding = judge_kernel_log(
      "[ 1.0] WARNING: CPU: 0 PID: 1 at a.c:1\n"
      "[ 1.1] Kernel panic - not syncing: panic_on_warn set ...\n");
  ASSERT_TRUE(finding);
  EXPECT_EQ(finding->severity, Severity::kComplaint);
}

TEST(KernelLog, ObjectsLeftInASlabAreALeakThoughTheKernelWarnsToo) {
  const auto finding = judge_kernel_log(
      "[ 1.0] kmem_cache_destroy xpoll: Slab cache still has objects when called from\n"
      "[ 1.0] WARNING: CPU: 1 PID: 1 at mm/slab_common.c:520\n");
  ASSERT_TRUE(finding);
  EXPECT_EQ(finding->severity, Severity::kLeak);
}

TEST(KernelLog, TheWorstIsNamedAndTheFirstIsShown) {
  const auto finding = judge_kernel_log("[ 1.0] WARNING: first\n[ 1.1] Oops: second\n");
  ASSERT_TRUE(finding);
  EXPECT_THAT(finding->line, HasSubstr("second"));
  EXPECT_THAT(finding->excerpt, HasSubstr("first"));
}

TEST(KernelLog, TextPatchingCrashNeedsBothMarks) {
  EXPECT_TRUE(is_text_patching_crash("int3: 0000 [#1]\nRIP: 0010:sched_clock_cpu+0x1\n"));
  EXPECT_FALSE(is_text_patching_crash("int3: 0000 [#1]\nRIP: 0010:xp_wait+0x1\n"));
}

TEST(KernelLog, TailGivesTheLastLines) {
  EXPECT_EQ(tail("a\nb\nc\n", 2), "b\nc\n");
  EXPECT_EQ(tail("a\n", 2), "a\n");
}

}  // namespace
}  // namespace xpoll::vm
