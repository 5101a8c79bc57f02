// SPDX-License-Identifier: GPL-2.0-only
// "make shell" as a user at the terminal sees it. Needs RUNNER, KERNEL, XPOLL_MODULE and RCFILE
// (tools/shell/bashrc) in the environment, and the build/root of "make staged".
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <pty.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <xpoll/unique_fd.hpp>

#include "setting.h"
#include "tools/util/checked.h"
#include "tools/util/process.h"

namespace {

using testing::ContainsRegex;
using testing::HasSubstr;
using xpoll::Argv;
using xpoll::checked;
using xpoll::Child;
using xpoll::ChildSetup;
using xpoll::unique_fd;

constexpr unsigned short kRows = 31;
constexpr unsigned short kColumns = 93;

/** The shell in a guest, and the terminal from which it was started. */
class Shell {
 public:
  Shell() {
    winsize size{};
    size.ws_row = kRows;
    size.ws_col = kColumns;
    int ours = -1;
    int theirs = -1;
    checked(::openpty(&ours, &theirs, nullptr, nullptr, &size), "openpty");
    terminal_.reset(ours);
    const unique_fd end{theirs};
    ChildSetup setup;
    setup.in = setup.out = setup.err = end.get();
    setup.environment = {"TERM=dumb"};
    child_.emplace(Argv{setting("RUNNER"), "shell", "--kernel", setting("KERNEL"), "--module",
                        setting("XPOLL_MODULE"), "--rcfile", setting("RCFILE")},
                   setup);
  }

  /** The output since the last call, once it contains `text`. */
  std::string until(std::string_view text) {
    while (screen_.find(text) == std::string::npos) {
      if (!receive()) throw std::runtime_error("it ended with: " + screen_);
    }
    return std::exchange(screen_, {});
  }
  /** A command's output. The command's echo does not contain the end mark that its output has. */
  std::string output_of(const std::string& command) {
    const std::string line = command + "; echo the-$((40 + 2))-end\n";
    checked(static_cast<int>(::write(terminal_.get(), line.data(), line.size())), "write");
    return until("the-42-end");
  }
  int leave(std::string_view command) {
    checked(static_cast<int>(::write(terminal_.get(), command.data(), command.size())), "write");
    while (receive()) {
    }
    return child_->wait();
  }

 private:
  /** False once the other end is closed. */
  bool receive() {
    constexpr std::chrono::minutes kPatience{3};
    pollfd readable{terminal_.get(), POLLIN, 0};
    const int timeout = static_cast<int>(std::chrono::milliseconds{kPatience}.count());
    if (checked(::poll(&readable, 1, timeout), "poll") == 0) {
      throw std::runtime_error("nothing more came after: " + screen_);
    }
    std::array<char, 4096> chunk{};
    const ssize_t got = ::read(terminal_.get(), chunk.data(), chunk.size());
    if (got <= 0) return false;
    screen_.append(chunk.data(), static_cast<size_t>(got));
    return true;
  }

  unique_fd terminal_;
  std::string screen_;
  std::optional<Child> child_;
};

TEST(Shell, GreetsAndHasProgramsAndManPagesAtHand) {
  Shell shell;
  const std::string greeting = shell.until("# ");
  EXPECT_THAT(greeting, HasSubstr("with xpoll loaded"));
  EXPECT_THAT(greeting, HasSubstr("Try  xpoll-run --stats"));
  EXPECT_THAT(greeting, HasSubstr("See  man xpoll-run"));

  EXPECT_THAT(shell.output_of("stty size"), HasSubstr("31 93"));
  for (const char* program :
       {"xpoll-run", "xpoll-top", "xpoll-path", "xpoll-compare", "xpoll-echo"}) {
    EXPECT_THAT(shell.output_of(std::string{"type -P "} + program),
                ContainsRegex(std::string{"build/(root|host)/.*"} + program));
  }
  EXPECT_THAT(shell.output_of("man xpoll-run | wc -l"), ContainsRegex("\n[1-9][0-9]+\r"));
  // Without man-db, "man" is an alias of this.
  EXPECT_THAT(shell.output_of("mman xpoll_pwait 2>&1 | head -n 1"),
              ContainsRegex("\nxpoll_wait\\(3\\)"));
  EXPECT_THAT(shell.output_of(
                  "xpoll-run --stats xpoll-echo --backend native --port 7 --expect-connections 1 & "
                  "xpoll-echo-client --connect 127.0.0.1:7 --connections 1; wait"),
              HasSubstr("instances made"));
  EXPECT_EQ(shell.leave("exit 7\n"), 7);
}

}  // namespace
