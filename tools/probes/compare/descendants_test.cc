// SPDX-License-Identifier: GPL-2.0-only
#include "descendants.h"

#include <gmock/gmock.h>

#include <cerrno>
#include <csignal>
#include <string>

#include "command.h"

namespace probes::compare {
namespace {

bool gone(pid_t pid) { return kill(pid, 0) < 0 && errno == ESRCH; }

/// Returns the pid that the script wrote.
pid_t pid_from(const char* script) {
  Command command({"sh", "-c", script}, Command::Output::kept);
  command.release();
  EXPECT_EQ(command.wait(), 0);
  return std::stoi(command.output());
}

TEST(Descendants, OutliveTheirParentUntilTheyAreEnded) {
  adopt_descendants();
  const pid_t left = pid_from("sleep infinity & echo $!");
  EXPECT_FALSE(gone(left));
  EXPECT_EQ(end_descendants(), 1U);
  EXPECT_TRUE(gone(left));
}

TEST(Descendants, OfASessionOfTheirOwnAreEndedToo) {
  adopt_descendants();
  // The child exists once the script writes.
  const pid_t left =
      pid_from("setsid --fork sh -c 'sleep infinity & echo $$; wait' | { read pid; echo $pid; }");
  EXPECT_EQ(end_descendants(), 2U);
  EXPECT_TRUE(gone(left));
}

TEST(Descendants, AreNoneWhereNoneIsLeft) {
  adopt_descendants();
  EXPECT_EQ(end_descendants(), 0U);
}

}  // namespace
}  // namespace probes::compare
