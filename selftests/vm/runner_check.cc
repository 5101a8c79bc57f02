// SPDX-License-Identifier: GPL-2.0-only
// The runner on a real guest: each kind of failure must have its own exit status. Needs RUNNER,
// KERNEL and MODULE (vmtest.ko, which misbehaves on request) in the environment.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "setting.h"
#include "tools/util/file.h"
#include "tools/util/process.h"
#include "tools/util/temporary_directory.h"

namespace {

using testing::HasSubstr;
using xpoll::Argv;
using xpoll::ChildSetup;

constexpr int kBesideFailed = 119;
constexpr int kCrashed = 121;
constexpr int kLogDirty = 122;
constexpr int kLeaked = 123;
constexpr int kTimeLimit = 124;
constexpr int kUnloadFailed = 125;
constexpr int kModuleRefused = 126;

class Runner : public testing::Test {
 protected:
  /** Boots with the options, runs the command, and keeps both outputs and the verdict. */
  int run(const Argv& options, const Argv& command = {"true"}) {
    Argv argv{setting("RUNNER"), "run", "--kernel", setting("KERNEL"), "--json", path("verdict")};
    argv.insert(argv.end(), options.begin(), options.end());
    argv.emplace_back("--");
    argv.insert(argv.end(), command.begin(), command.end());
    const auto out = xpoll::open_file(path("out"), O_WRONLY | O_CREAT | O_TRUNC);
    const auto err = xpoll::open_file(path("err"), O_WRONLY | O_CREAT | O_TRUNC);
    ChildSetup setup;
    setup.out = out.get();
    setup.err = err.get();
    return xpoll::run_status(argv, setup);
  }
  int run_fault(const std::string& fault, const Argv& options = {}) {
    Argv all{"--module", setting("MODULE"), "--module-param", "fault=" + fault};
    all.insert(all.end(), options.begin(), options.end());
    return run(all);
  }
  [[nodiscard]] std::string path(const char* name) const {
    return (scratch_.path() / name).string();
  }
  [[nodiscard]] std::string output(const char* name) const { return xpoll::read_file(path(name)); }
  [[nodiscard]] std::string outcome() const {
    return nlohmann::json::parse(output("verdict")).at("outcome").get<std::string>();
  }

  xpoll::TemporaryDirectory scratch_;
};

TEST_F(Runner, PassesAQuietModuleAndKeepsTheOutputsApart) {
  EXPECT_EQ(run({"--module", setting("MODULE")},
                {"sh", "-c", "grep ^vmtest /proc/modules; echo trouble >&2"}),
            0);
  EXPECT_THAT(output("out"), HasSubstr("vmtest "));
  EXPECT_THAT(output("err"), HasSubstr("trouble\n"));
  EXPECT_EQ(outcome(), "passed");
}

TEST_F(Runner, GivesTheCommandsStatus) {
  EXPECT_EQ(run({}, {"sh", "-c", "exit 42"}), 42);
  EXPECT_EQ(outcome(), "command-failed");
}

TEST_F(Runner, RunsWhereItWasCalledOnAReadOnlyHost) {
  const std::string here = std::filesystem::current_path();
  EXPECT_EQ(run({"--out", path("shared")},
                {"sh", "-c", "pwd >/out/where; touch Makefile.written-in-a-guest"}),
            0);
  EXPECT_EQ(output("shared/where"), here + "\n");
  EXPECT_FALSE(std::filesystem::exists("Makefile.written-in-a-guest"));
}

TEST_F(Runner, EndsWhatTheCommandLeftRunning) {
  EXPECT_EQ(run({}, {"sh", "-c", "sleep 1000 & exit 0"}), 0);
}

TEST_F(Runner, ForwardsAPortToTheCommandBeside) {
  // QEMU accepts connections before the guest listens. Only the greeting shows that the guest was
  // reached.
  xpoll::write_file(
      scratch_.path() / "client",
      "until read -r line < /dev/tcp/127.0.0.1/$XPOLL_FORWARD_PORT; do sleep 0.1; done\n"
      "[ \"$line\" = hello ]\n");
  EXPECT_EQ(run({"--forward", "0:7", "--beside", "bash " + path("client")},
                {"busybox", "nc", "-l", "-p", "7", "-e", "/bin/echo", "hello"}),
            0);
}

TEST_F(Runner, FailsWithTheCommandBeside) {
  EXPECT_EQ(run({"--beside", "exit 1"}, {"sleep", "1000"}), kBesideFailed);
}

TEST_F(Runner, SeesAWarning) {
  EXPECT_EQ(run_fault("warn"), kLogDirty);
  EXPECT_THAT(output("err"), HasSubstr("vmtest was asked to warn"));
}

TEST_F(Runner, SeesAnOops) { EXPECT_EQ(run_fault("oops"), kCrashed); }

TEST_F(Runner, SeesALeakedSlabObject) { EXPECT_EQ(run_fault("slab"), kLeaked); }

TEST_F(Runner, SeesAModuleThatStays) { EXPECT_EQ(run_fault("pin"), kUnloadFailed); }

TEST_F(Runner, SeesLeakedMemory) {
  if (!setting("KERNEL").ends_with("-debug")) GTEST_SKIP() << "the kernel has no kmemleak";
  EXPECT_EQ(run_fault("memory", {"--mem", "2G"}), kLeaked);
}

TEST_F(Runner, WaitsForAReferenceThatEndsByItself) {
  EXPECT_EQ(run({"--module", setting("MODULE"), "--module-param", "fault=linger"},
                {"cat", "/sys/module/vmtest/refcnt"}),
            0);
  EXPECT_EQ(output("out"), "1\n") << "it ended before the command, so nobody waited for it";
}

TEST_F(Runner, SeesAModuleThatRefusesToLoad) {
  EXPECT_EQ(run_fault("refuse"), kModuleRefused);
  EXPECT_THAT(output("err"), HasSubstr("Operation not permitted"));
  EXPECT_THAT(output("err"), Not(HasSubstr("retry")));
}

TEST_F(Runner, EndsAGuestThatHangs) {
  EXPECT_EQ(run_fault("hang", {"--timeout", "40"}), kTimeLimit);
}

// The watchdogs report after about 20 s; only the time limit ends the guest.
TEST_F(Runner, SeesAProcessorThatSpins) {
  EXPECT_EQ(run_fault("lockup", {"--timeout", "60", "--smp", "1"}), kLogDirty);
}

}  // namespace
