// SPDX-License-Identifier: GPL-2.0-only
// xpoll-top's table, and its messages about missing preconditions.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "probes/top_run.h"
#include "probes/without_kernel_types.h"
#include "probes/without_module.h"
#include "tools/util/backend.h"
#include "tools/util/eventfd.h"
#include "util/process.h"

namespace xpoll::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr int kUnavailable = 3;

TEST(TopCliTest, TheTableIsPlainTextWhenItGoesToNoTerminalAndCtrlCEndsItWithTheSum) {
  const unique_fd ep = Backend::native().instance();
  TopRun run({"--interval", "0.05"});
  run.wait_for_output("COMMAND ");
  const TopResult result = run.interrupt();
  EXPECT_EQ(result.status, 0);
  EXPECT_THAT(result.out, AllOf(HasSubstr("COMMAND "), HasSubstr("native"), HasSubstr("In all "),
                                Not(HasSubstr("\x1b"))));
}

TEST(TopCliTest, WithoutTheModuleNativeEpollIsWatchedAndThatIsSaid) {
  const WithoutModule without;
  const unique_fd ep = Backend::native().instance();
  const TopResult result = TopRun({"--json", "--count", "2", "--interval", "0.01"}).join();
  EXPECT_EQ(result.status, 0);
  EXPECT_THAT(result.err, HasSubstr("xpoll is not loaded: native epoll alone"));
  EXPECT_FALSE(row_of(result.interval(), ep.get()).is_null());
  EXPECT_FALSE(result.total()["total"].contains("xpoll"));
}

TEST(TopCliTest, WithoutTheModuleXpollCannotBeAskedFor) {
  const WithoutModule without;
  const TopResult result = TopRun({"--xpoll"}).join();
  EXPECT_EQ(result.status, kUnavailable);
  EXPECT_THAT(result.err, HasSubstr("xpoll is not loaded"));
  EXPECT_THAT(result.out, IsEmpty());
}

TEST(TopCliTest, WithoutPermissionItSaysSo) {
  const TopResult result = TopRun({}, [] { become_user(65534); }).join();
  EXPECT_EQ(result.status, kUnavailable);
  EXPECT_THAT(result.err, HasSubstr("no permission"));
  EXPECT_THAT(result.out, IsEmpty());
}

TEST(TopCliTest, WithoutTypesOfTheKernelItSaysSo) {
  const TopResult result = TopRun({}, hide_kernel_types).join();
  EXPECT_EQ(result.status, kUnavailable);
  EXPECT_THAT(result.err, AllOf(HasSubstr("no BTF"), HasSubstr("/sys/kernel/btf/vmlinux")));
  EXPECT_THAT(result.out, IsEmpty());
}

TEST(TopCliTest, AMistakeIsExplained) {
  const TopResult result = TopRun({"--sort", "beauty"}).join();
  EXPECT_NE(result.status, 0);
  EXPECT_THAT(result.err, AllOf(HasSubstr("beauty"), HasSubstr("events-per-wake")));
}

}  // namespace
}  // namespace xpoll::test
