// SPDX-License-Identifier: GPL-2.0-only
// The Makefile's own promises. Run from the top of the tree.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tools/util/file.h"
#include "tools/util/process.h"
#include "tools/util/temporary_directory.h"

namespace xpoll::report {
namespace {

using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

class Make : public testing::Test {
 protected:
  /**
   * Runs a shell command and returns its output, followed by its status. $D is a private directory.
   * The make variables of the calling make are unset.
   */
  [[nodiscard]] std::string shell(const std::string& command) const {
    ChildSetup setup;
    setup.environment = {"D=" + scratch_.path().string()};
    const std::string alone = "unset MAKEFLAGS MAKELEVEL MAKEOVERRIDES XPOLL_LOCKED V; ";
    return capture({"bash", "-c", fmt::format("{}{{ {}; }} 2>&1; echo rc $?", alone, command)},
                   setup);
  }
  /** The sources in a new directory in which nothing was built. */
  [[nodiscard]] std::string in_fresh_tree(const std::string& name,
                                          const std::string& command) const {
    return shell(fmt::format(
        "mkdir \"$D/{0}\" && "
        "cp -r Makefile VERSION Kbuild module uapi userlib bindings selftests tools packaging "
        "\"$D/{0}\" && cd \"$D/{0}\" && {1}",
        name, command));
  }

  TemporaryDirectory scratch_;
};

TEST_F(Make, RefusesADestdirThatAShellWouldTakeApart) {
  for (const char* destdir : {"$D/a b", "$D/a;b", "$D/a*", "$D/a'b", "$D/(a)"}) {
    const std::string said =
        shell(fmt::format("make --dry-run install-userlib DESTDIR=\"{}\"", destdir));
    EXPECT_THAT(said, HasSubstr("DESTDIR is"));
    EXPECT_THAT(said, EndsWith("rc 2\n"));
  }
  EXPECT_THAT(shell("make --dry-run install-userlib DESTDIR=$D/a-b_c.1"), EndsWith("rc 0\n"));
}

TEST_F(Make, RefusesATreeWhosePathHasASpace) {
  EXPECT_THAT(in_fresh_tree("a b", "make"), HasSubstr("the directory of this tree is"));
}

TEST_F(Make, NamesAnUnknownKernelOnceAndHelpsAllTheSame) {
  EXPECT_THAT(shell("make --dry-run module KERNEL=6.2-foo"),
              HasSubstr("no such kernel: 6.2-foo; there are"));
  EXPECT_THAT(shell("make help KERNEL=6.2-foo"), EndsWith("rc 0\n"));
}

TEST_F(Make, ShowsWhatItWouldDoInAFreshTreeWithoutDoingIt) {
  for (const char* goal : {"run", "check", "lint", "check-debug"}) {
    EXPECT_THAT(in_fresh_tree(goal, fmt::format("make --dry-run {} | tail -1; "
                                                "(exit ${{PIPESTATUS[0]}}) && [ ! -e build ]",
                                                goal)),
                EndsWith("rc 0\n"));
  }
}

TEST_F(Make, WaitsForAnotherInTheSameTree) {
  // The first command ends when the second one has reported that it waits.
  EXPECT_EQ(shell("top=$PWD; cd $D; mkfifo held release; "
                  "{ flock 9; echo >held; read <release; echo first; } 9<. & "
                  "read <held; "
                  "$top/packaging/locked echo second 2> >(read -r _; echo >release); wait"),
            "first\nsecond\nrc 0\n");
}

TEST_F(Make, LeavesNoLockWhenItIsKilled) {
  // The background process outlives the killed command, until the next one has reported that it
  // waits, or has run.
  EXPECT_THAT(shell("top=$PWD; cd $D; mkfifo release; "
                    "$top/packaging/locked bash -c 'read -r <>release & kill -9 $PPID'; "
                    "$top/packaging/locked echo next 2> >(read -r said && echo $said; "
                    "echo >release); wait"),
              AllOf(Not(HasSubstr("another make")), EndsWith("next\nrc 0\n")));
}

}  // namespace
}  // namespace xpoll::report
