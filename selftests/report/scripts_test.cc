// SPDX-License-Identifier: GPL-2.0-only
// The scripts in this directory. Run from the top of the tree.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <vector>

#include "report/parts.h"
#include "tools/util/file.h"
#include "tools/util/process.h"
#include "tools/util/temporary_directory.h"

namespace xpoll::report {
namespace {

using testing::AllOf;
using testing::Ge;
using testing::HasSubstr;
using testing::Le;
using testing::Not;

class Scripts : public testing::Test {
 protected:
  /** Runs a shell command and returns its standard output. $D is a private directory. */
  [[nodiscard]] std::string shell(const std::string& command) const {
    ChildSetup setup;
    setup.environment = {"V=", "D=" + scratch_.path().string()};
    return capture({"bash", "-c", command}, setup);
  }
  /** The same on a terminal. */
  [[nodiscard]] std::string on_terminal(const std::string& command) const {
    return shell(fmt::format("script --quiet --return --command {} /dev/null </dev/null",
                             shell_quote(command)));
  }

  TemporaryDirectory scratch_;
};

TEST_F(Scripts, WatchShowsALineForEachStepIfThereIsNoTerminal) {
  EXPECT_EQ(shell("selftests/report/watch build 2 printf '  CXX     a\\n  CXX     b\\nword\\n'"),
            "  CXX     a\n  CXX     b\nword\n");
}

TEST_F(Scripts, WatchMovesOneLineOnATerminal) {
  EXPECT_THAT(on_terminal("selftests/report/watch build 2 printf '  CXX     a\\n  CXX     b\\n'"),
              AllOf(HasSubstr("\r\033[Kbuild: 1 of 2, "), HasSubstr("\r\033[Kbuild: 2 of 2, "),
                    Not(HasSubstr("\n"))));
}

// GoogleTest indents expected and actual values.
TEST_F(Scripts, WatchShowsOnATerminalWhatIsNoStep) {
  EXPECT_THAT(on_terminal("selftests/report/watch build 2 printf '  Actual: false\n'"),
              HasSubstr("  Actual: false"));
}

TEST_F(Scripts, WatchTellsHowFarEachTestProgramIs) {
  EXPECT_THAT(on_terminal("selftests/report/watch tests 2 "
                          "printf '  TEST    x 3/7 ok\\n  TEST    y 1/2 ok\\n  TEST    x\\n'"),
              AllOf(HasSubstr("x 3/7"), HasSubstr("y 1/2"), HasSubstr("tests: 1 of 2, ")));
}

TEST_F(Scripts, WatchPassesTheExitStatusOnAndNeverLosesTheLastLine) {
  EXPECT_EQ(shell("selftests/report/watch build 0 sh -c 'printf last; exit 7' || echo \" $?\""),
            "last\n 7\n");
}

TEST_F(Scripts, FollowKeepsTheOutputAndCountsItsTests) {
  EXPECT_EQ(shell("printf '1..2\\nok 1 - a\\nnot ok 2 - b\\n' | "
                  "selftests/report/follow row $D/log"),
            "  TEST    row begins\n  TEST    row 1/2 ok 1 - a\n"
            "  TEST    row 2/2 not ok 2 - b\n  TEST    row\n");
  EXPECT_EQ(read_file(scratch_.path() / "log"), "1..2\nok 1 - a\nnot ok 2 - b\n");
}

TEST_F(Scripts, FollowKeepsALastLineThatHasNoEnd) {
  (void)shell("printf 'ok 1 - a\nKilled' | selftests/report/follow row $D/log");
  EXPECT_EQ(read_file(scratch_.path() / "log"), "ok 1 - a\nKilled\n");
}

TEST_F(Scripts, PartNotesTheTimeOfWhatSucceedsAndOfWhatFails) {
  EXPECT_EQ(shell("selftests/report/part $D/new/parts one true; "
                  "selftests/report/part $D/new/parts two false || echo $?"),
            "1\n");
  const std::vector<Part> parts = read_parts(scratch_.path() / "new" / "parts");
  ASSERT_EQ(parts.size(), 2U);
  EXPECT_EQ(parts[0].name, "one");
  EXPECT_EQ(parts[1].name, "two");
}

TEST_F(Scripts, PartNotesHowManySecondsPassed) {
  using std::chrono::steady_clock;
  // Ends when the clock has advanced by a second. SECONDS of the shell that runs the part starts at
  // 100.
  const std::string one_second = "began=$(date +%s); until (($(date +%s) > began)); do :; done";
  const auto began = steady_clock::now();
  (void)shell("SECONDS=100 selftests/report/part $D/parts build bash -c '" + one_second + "'");
  const auto most = std::chrono::ceil<std::chrono::seconds>(steady_clock::now() - began);
  const std::vector<Part> parts = read_parts(scratch_.path() / "parts");
  ASSERT_EQ(parts.size(), 1U);
  EXPECT_THAT(parts[0].seconds, AllOf(Ge(1), Le(most.count())));
}

TEST(Parts, AreSummedUp) {
  EXPECT_EQ(to_text({{.name = "build", .seconds = 2}, {.name = "tests", .seconds = 40}}),
            "build 2 s, tests 40 s, 42 s in all\n");
}

TEST(Parts, ThatAreNotThereSayNothing) { EXPECT_EQ(to_text(read_parts("/nonexistent/parts")), ""); }

TEST_F(Scripts, TheReportSucceedsOnlyIfSomethingPassedAndNothingFailed) {
  const auto summary = [this](const std::string& step, const std::string& rows) {
    return shell("rm -rf $D/s; mkdir -p $D/s/static; " + step +
                 "build/host/xpoll-report summary --dir $D/s " + rows + " >$D/out; echo $?");
  };
  const auto step = [](const char* passed) {
    return fmt::format("echo '{{\"passed\": {}}}' >$D/s/static/a.step.json; ", passed);
  };
  EXPECT_EQ(summary(step("true"), ""), "0\n");
  EXPECT_EQ(summary(step("false"), ""), "1\n");
  EXPECT_EQ(summary("", ""), "1\n") << "nothing ran";
  EXPECT_EQ(summary(step("true"), "6.1-amd64"), "1\n") << "a guest without a verdict";
}

TEST_F(Scripts, TheTotalFailsWithASummaryOrAPart) {
  const auto total = [this](const char* passed, int failed_parts) {
    return shell(
        fmt::format("rm -rf $D/s; mkdir -p $D/s/static; touch $D/parts; "
                    "echo '{{\"passed\": {}}}' >$D/s/static/a.step.json; "
                    "build/host/xpoll-report summary --dir $D/s >$D/out; "
                    "build/host/xpoll-report total --parts $D/parts --failed {} "
                    "$D/s/summary.json >$D/out; echo $?",
                    passed, failed_parts));
  };
  EXPECT_EQ(total("true", 0), "0\n");
  EXPECT_EQ(total("true", 1), "1\n");
  EXPECT_EQ(total("false", 0), "1\n");
}

TEST_F(Scripts, DirectionFindsWhatNamesALaterPart) {
  const auto direction = [this](const std::string& fault) {
    return shell(
        "rm -rf $D/t; mkdir -p $D/t/{uapi,module,userlib,bindings,tools,packaging}; cd $D/t; " +
        fault + "; cd $OLDPWD; selftests/static/direction $D/t >$D/out; echo $?");
  };
  EXPECT_EQ(direction("echo '#include \"uapi/linux/xpoll.h\"' >module/a.c"), "0\n");
  EXPECT_EQ(direction("echo 'cp a /usr/share/tools/b' >userlib/rules.mk"), "0\n");
  EXPECT_EQ(direction("echo '#include \"tools/util/file.h\"' >userlib/a.c"), "1\n");
  EXPECT_EQ(direction("echo '#include \"../../tools/util/file.h\"' >userlib/a.c"), "1\n");
  EXPECT_EQ(direction("echo 'A := $(CURDIR)/selftests/a' >tools/rules.mk"), "1\n");
  EXPECT_EQ(direction("rmdir bindings"), "1\n");
}

}  // namespace
}  // namespace xpoll::report
