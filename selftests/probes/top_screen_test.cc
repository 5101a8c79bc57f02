// SPDX-License-Identifier: GPL-2.0-only
// xpoll-top on a terminal: keys, window size, and the terminal's state afterwards.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>
#include <cstring>

#include "probes/terminal_program.h"
#include "util/process.h"

namespace xpoll::test {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr int kUnavailable = 3;
constexpr const char* kOtherScreen = "\x1b[?1049h";
constexpr const char* kFirstScreen = "\x1b[?1049l";
constexpr const char* kCursorShown = "\x1b[?12l\x1b[?25h";

bool same_modes(const termios& a, const termios& b) {
  return a.c_iflag == b.c_iflag && a.c_oflag == b.c_oflag && a.c_cflag == b.c_cflag &&
         a.c_lflag == b.c_lflag && std::memcmp(a.c_cc, b.c_cc, sizeof(a.c_cc)) == 0;
}

// The terminal shows its main screen again, with a cursor and echo.
void expect_as_before(const TerminalProgram& top) {
  const std::string& written = top.written();
  const std::size_t entered = written.rfind(kOtherScreen);
  ASSERT_NE(entered, std::string::npos) << written;
  EXPECT_NE(written.find(kFirstScreen, entered), std::string::npos) << written;
  EXPECT_NE(written.find(kCursorShown, entered), std::string::npos) << written;
  EXPECT_TRUE(same_modes(top.modes(), top.modes_before()));
}

std::string after_the_screen(const TerminalProgram& top) {
  return top.written().substr(top.written().rfind(kFirstScreen));
}

TEST(TopScreenTest, ItSaysThatItLoadsFollowsANewSizeAtOnceAndQEndsItWithTheSum) {
  TerminalProgram top("xpoll-top", {"--interval", "3600"});
  top.wait_for(kOtherScreen);
  top.wait_for("loading BPF programs ...");
  top.wait_for("watching; the first figures");
  EXPECT_FALSE(same_modes(top.modes(), top.modes_before()));
  // Until the interval ends, only the new size makes it draw.
  top.resize(10, 60);
  top.wait_for("q: quit");
  top.resize(40, 100);
  top.wait_for("q: quit");
  top.type("q");
  EXPECT_EQ(top.join(), 0);
  expect_as_before(top);
  EXPECT_THAT(after_the_screen(top), HasSubstr("In all "));
  EXPECT_THAT(after_the_screen(top), HasSubstr("native epoll by fentry"));
}

TEST(TopScreenTest, KeysChooseWhatTheNextPictureShowsAndCtrlCEndsItWithTheSum) {
  TerminalProgram top("xpoll-top", {"--interval", "3600"});
  top.wait_for("s: sort (events)  f: filter (none)");
  top.wait_for("watching");
  // Unchanged parts are not redrawn. The next sort column is events-per-wake.
  top.type("s");
  top.wait_for("-per-wake");
  top.type("w");
  top.wait_for("instances");
  top.type("f");
  top.wait_for("filter by command");
  top.type("ZZZ\n");
  top.wait_for("(ZZZ)");
  top.type("\x03");
  EXPECT_EQ(top.join(), 0);
  expect_as_before(top);
  EXPECT_THAT(after_the_screen(top), HasSubstr("In all "));
}

TEST(TopScreenTest, TheFiguresFitTheWindow) {
  TerminalProgram top("xpoll-top", {"--interval", "0.2"});
  top.wait_for("COMMAND");
  top.wait_for("no room for ");
  EXPECT_THAT(top.written(), Not(HasSubstr("OVERFLOWS  ")));
  top.resize(30, 200);
  top.wait_for("OVERFLOWS  ");
  top.type("q");
  EXPECT_EQ(top.join(), 0);
}

class TopScreenSignalTest : public testing::TestWithParam<int> {};

TEST_P(TopScreenSignalTest, TheTerminalIsAsBeforeWhateverEndsIt) {
  TerminalProgram top("xpoll-top", {"--interval", "3600"});
  top.wait_for("loading BPF programs ...");
  top.signal(GetParam());
  const bool asked = GetParam() == SIGTERM || GetParam() == SIGHUP;
  EXPECT_EQ(top.join(), asked ? 0 : 128 + GetParam());
  expect_as_before(top);
}

INSTANTIATE_TEST_SUITE_P(, TopScreenSignalTest,
                         testing::Values(SIGTERM, SIGHUP, SIGSEGV, SIGABRT, SIGUSR1),
                         [](const auto& info) { return std::string(sigabbrev_np(info.param)); });

TEST(TopScreenTest, WhatIsMissingIsSaidOnTheFirstScreen) {
  TerminalProgram top("xpoll-top", {}, [] { become_user(65534); });
  EXPECT_EQ(top.join(), kUnavailable);
  expect_as_before(top);
  EXPECT_THAT(after_the_screen(top), HasSubstr("no permission"));
}

TEST(TopScreenTest, ATerminalOfWhichNothingIsKnownGetsPlainText) {
  TerminalProgram top("xpoll-top", {"--count", "1", "--interval", "0.01"},
                      [] { setenv("TERM", "no-such-terminal", 1); });
  EXPECT_EQ(top.join(), 0);
  EXPECT_THAT(top.written(), HasSubstr("no-such-terminal"));
  EXPECT_THAT(top.written(), HasSubstr("In all "));
  EXPECT_THAT(top.written(), Not(HasSubstr("\x1b")));
}

}  // namespace
}  // namespace xpoll::test
