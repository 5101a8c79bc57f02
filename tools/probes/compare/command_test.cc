// SPDX-License-Identifier: GPL-2.0-only
#include "command.h"

#include <gmock/gmock.h>

#include <csignal>

#include "probes/util/unavailable.h"

namespace probes::compare {
namespace {

using namespace std::chrono_literals;
using Output = Command::Output;

/// Turns a hang into a failure.
constexpr auto kLong = 60s;

TEST(Command, DoesNotBeginBeforeItIsReleased) {
  Command command({"echo", "here"}, Output::kept);
  EXPECT_FALSE(command.ended_within(0ms));
  EXPECT_EQ(command.output(), "");
  command.release();
  EXPECT_EQ(command.wait(), 0);
  EXPECT_EQ(command.output(), "here\n");
}

TEST(Command, TellsAStatusAndASignalAsAShellDoes) {
  Command failing({"sh", "-c", "exit 7"}, Output::kept);
  failing.release();
  EXPECT_EQ(failing.wait(), 7);
  Command killed({"sh", "-c", "kill -KILL $$"}, Output::kept);
  killed.release();
  EXPECT_EQ(killed.wait(), 128 + SIGKILL);
}

TEST(Command, ThatIsNotThereIsAnErrorWithItsName) {
  Command command({"no-such-program"}, Output::kept);
  try {
    command.release();
    FAIL() << "it was there";
  } catch (const Unavailable& error) {
    EXPECT_STREQ(error.what(), "no-such-program: No such file or directory");
  }
}

TEST(Command, EndsWhenItIsAskedTo) {
  Command command({"sleep", "infinity"}, Output::kept);
  command.release();
  EXPECT_TRUE(command.terminate(kLong));
  EXPECT_EQ(command.wait(), 128 + SIGTERM);
}

TEST(Command, IsKilledIfItWillNotEnd) {
  Command command({"sh", "-c", "trap '' TERM; echo; exec sleep infinity"}, Output::kept);
  command.release();
  while (command.output().empty() && !command.ended_within(10ms)) continue;
  EXPECT_FALSE(command.terminate(1s));
  EXPECT_EQ(command.wait(), 128 + SIGKILL);
}

TEST(Command, IsNotLeftBehind) {
  pid_t pid = 0;
  {
    const Command command({"sleep", "infinity"}, Output::kept);
    pid = command.pid();
  }
  EXPECT_EQ(kill(pid, 0), -1);
  EXPECT_EQ(errno, ESRCH);
}

}  // namespace
}  // namespace probes::compare
