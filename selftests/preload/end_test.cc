// SPDX-License-Identifier: GPL-2.0-only
// A program's end and its signals, with xpoll-run as its parent (--stats) or replaced by it.
#include <gmock/gmock.h>
#include <sys/wait.h>

#include <csignal>
#include <string>

#include "command.h"
#include "tools/util/wait_until.h"

namespace xpoll::test {
namespace {

class End : public testing::TestWithParam<Words> {
 protected:
  Words command(const Words& mode) const { return on_xpoll(GetParam(), mode); }
};

INSTANTIATE_TEST_SUITE_P(, End, testing::Values(Words{}, Words{"--stats"}), [](const auto& info) {
  return std::string(info.param.empty() ? "Replaced" : "Supervised");
});

TEST_P(End, StatusIsTheProgramsOwn) {
  for (const int status : {0, 1, 7, 125, 255})
    EXPECT_EQ(run(command({"exits", std::to_string(status)})).status(), status);
}

TEST_P(End, IsBySignalIfTheProgramsWas) {
  for (const int signal : {SIGKILL, SIGTERM, SIGSEGV, SIGRTMIN}) {
    const Result result = run(command({"dies", std::to_string(signal)}));
    EXPECT_TRUE(WIFSIGNALED(result.wait_status)) << "signal " << signal;
    EXPECT_EQ(WTERMSIG(result.wait_status), signal);
  }
}

TEST_P(End, ComesByTheSignalsThatAreSent) {
  Command victim(command({"takes-signals"}));
  ASSERT_EQ(victim.read_line(), "ready");
  for (const int signal : {SIGUSR1, SIGHUP, SIGINT}) {
    ASSERT_EQ(kill(victim.pid(), signal), 0);
    EXPECT_EQ(victim.read_line(), std::to_string(signal) + ", value 0");
  }
  ASSERT_EQ(sigqueue(victim.pid(), SIGRTMIN, {.sival_int = 42}), 0);
  EXPECT_EQ(victim.read_line(), std::to_string(SIGRTMIN) + ", value 42");
  ASSERT_EQ(kill(victim.pid(), SIGTERM), 0);
  EXPECT_EQ(victim.wait().status(), 7);
}

TEST_P(End, WaitsWhileTheProgramIsStopped) {
  // A process group whose parent is outside it: an orphaned group, such as that of a guest's first
  // command, does not stop.
  Command victim(command({"takes-signals"}), [] { checked(setpgid(0, 0), "setpgid"); });
  ASSERT_EQ(victim.read_line(), "ready");
  ASSERT_EQ(kill(victim.pid(), SIGTSTP), 0);
  int status = 0;
  ASSERT_EQ(waitpid(victim.pid(), &status, WUNTRACED), victim.pid());
  EXPECT_TRUE(WIFSTOPPED(status));
  ASSERT_EQ(kill(victim.pid(), SIGCONT), 0);
  ASSERT_EQ(kill(victim.pid(), SIGUSR1), 0);
  EXPECT_EQ(victim.read_line(), std::to_string(SIGUSR1) + ", value 0");
  ASSERT_EQ(kill(victim.pid(), SIGTERM), 0);
  EXPECT_EQ(victim.wait().status(), 7);
}

// For example those of nohup(1), and SIGCHLD of shells that do not wait for their children.
TEST_P(End, InheritsWhatIsIgnored) {
  Command victim(command({"takes-signals"}), [] {
    std::signal(SIGUSR2, SIG_IGN);
    std::signal(SIGCHLD, SIG_IGN);
  });
  ASSERT_EQ(victim.read_line(), "ready");
  ASSERT_EQ(kill(victim.pid(), SIGUSR2), 0);
  ASSERT_EQ(kill(victim.pid(), SIGTERM), 0);
  EXPECT_EQ(victim.wait().status(), 7);
}

}  // namespace
}  // namespace xpoll::test
