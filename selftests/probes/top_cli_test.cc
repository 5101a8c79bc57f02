// SPDX-License-Identifier: GPL-2.0-only
// xpoll-top's table, and its messages about missing preconditions.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include "probes/top_run.h"
#include "probes/without_kernel_types.h"
#include "probes/without_module.h"
#include "tools/util/backend.h"
#include "tools/util/descriptors.h"
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

TEST(TopCliTest, InstancesAreListedWithoutProbes) {
  const unique_fd ep = Backend::xpoll().instance();
  const unique_fd file = make_eventfd(1);
  ASSERT_EQ(Backend::xpoll().add(ep.get(), file.get(), EPOLLIN), 0);
  // Loading an eBPF program would fail without the kernel's types.
  const TopResult result =
      TopRun({"--instances", "--json", "--pid", std::to_string(getpid())}, hide_kernel_types)
          .join();
  EXPECT_EQ(result.status, 0);
  const Json list = Json::parse(result.out);
  ASSERT_EQ(list.at("instances").size(), 1U) << result.out;
  EXPECT_EQ(list.at("instances").at(0).at("watches"), 1);
  EXPECT_EQ(list.at("instances").at(0).at("ready"), true);
  EXPECT_THAT(TopRun({"--instances"}).join().out,
              AllOf(HasSubstr("COMMAND "), HasSubstr(" ready "), HasSubstr(" instance")));
}

TEST(TopCliTest, WithoutTheListOfInstancesItSaysWhatIsMissing) {
  const TopResult denied = TopRun({"--instances"}, [] { become_user(65534); }).join();
  EXPECT_EQ(denied.status, kUnavailable);
  EXPECT_THAT(denied.err, AllOf(HasSubstr("root"), HasSubstr("/sys/kernel/debug")));
  const TopResult unmounted =
      TopRun({"--instances"}, [] {
        checked(unshare(CLONE_NEWNS), "unshare");
        checked(mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr), "private mounts");
        checked(umount("/sys/kernel/debug"), "umount");
      }).join();
  EXPECT_EQ(unmounted.status, kUnavailable);
  EXPECT_THAT(unmounted.err, HasSubstr("mount -t debugfs"));
  const WithoutModule without;
  const TopResult unloaded = TopRun({"--instances"}).join();
  EXPECT_EQ(unloaded.status, kUnavailable);
  EXPECT_THAT(unloaded.err, HasSubstr("xpoll is not loaded"));
  EXPECT_THAT(denied.out + unmounted.out + unloaded.out, IsEmpty());
}

TEST(TopCliTest, AFigureThatTheListLacksIsNoOrderOfIt) {
  const TopResult result = TopRun({"--instances", "--sort", "spurious"}).join();
  EXPECT_GT(result.status, 100);
  EXPECT_THAT(result.err, HasSubstr("spurious is not known with --instances"));
}

TEST(TopCliTest, AMistakeIsExplained) {
  const TopResult result = TopRun({"--sort", "beauty"}).join();
  EXPECT_NE(result.status, 0);
  EXPECT_THAT(result.err, AllOf(HasSubstr("beauty"), HasSubstr("events-per-wake")));
}

}  // namespace
}  // namespace xpoll::test
