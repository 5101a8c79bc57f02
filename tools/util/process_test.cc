// SPDX-License-Identifier: GPL-2.0-only
#include "process.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <stdexcept>

namespace xpoll {
namespace {

TEST(Process, GivesTheExitStatus) { EXPECT_EQ(run_status({"sh", "-c", "exit 7"}), 7); }

TEST(Process, GivesTheSignalAsAShellDoes) {
  EXPECT_EQ(run_status({"sh", "-c", "kill -9 $$"}), 128 + SIGKILL);
}

TEST(Process, CapturesStandardOutput) {
  EXPECT_EQ(capture({"sh", "-c", "echo out; echo err >&2"}), "out\n");
}

TEST(Process, AFailureTellsWhatItWroteToStandardError) {
  try {
    run_checked({"sh", "-c", "echo the reason >&2; exit 3"});
    FAIL() << "no exception";
  } catch (const std::runtime_error& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("the reason"));
  }
}

TEST(Process, AFullDiskIsToldInOneLine) {
  const std::string flood =
      "for n in 1 2 3; do echo \"tar: $n: Cannot write: No space left on device\" >&2; done; exit "
      "2";
  try {
    run_checked({"sh", "-c", "echo first >&2; " + flood});
    FAIL() << "no exception";
  } catch (const DiskFull& error) {
    EXPECT_THAT(
        error.what(),
        testing::EndsWith("could not write: tar: 1: Cannot write: No space left on device"));
  }
}

TEST(Process, AMissingProgramIsAFailure) {
  EXPECT_THROW(run_checked({"/nonexistent/program"}), std::runtime_error);
}

TEST(Process, AnOutcomeHasTheStatusAndBothStreams) {
  const Outcome outcome = run({"sh", "-c", "echo out; echo err >&2; exit 3"});
  EXPECT_EQ(outcome.status, 3);
  EXPECT_EQ(outcome.out, "out\n");
  EXPECT_EQ(outcome.err, "err\n");
}

TEST(Process, WhoWritesMuchNeedsNoReader) {
  EXPECT_EQ(capture({"sh", "-c", "head -c 300000 /dev/zero >&2; head -c 300000 /dev/zero"}).size(),
            300000U);
}

TEST(ShellQuote, SurvivesTheShell) {
  const std::string word = R"(a 'b' "c" $d `e` \f)";
  EXPECT_EQ(capture({"sh", "-c", "printf %s " + shell_quote(word)}), word);
}

}  // namespace
}  // namespace xpoll
