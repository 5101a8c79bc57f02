// SPDX-License-Identifier: GPL-2.0-only
#include "progress.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <pty.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <array>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <xpoll/unique_fd.hpp>

#include "tools/util/checked.h"
#include "tools/util/descriptors.h"
#include "tools/util/process.h"

namespace xpoll::vm {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

/** Runs `body` in a child with its stderr on a terminal of 40 columns, or on a pipe. */
class Watched {
 public:
  Watched(bool terminal, const std::function<void()>& body) {
    unique_fd err = terminal ? open_terminal() : open_pipe();
    ChildSetup setup;
    setup.err = err.get();
    setup.before_exec = [&] {
      body();
      ::_exit(0);
    };
    child_.emplace(Argv{"true"}, setup);
  }
  /** Reads until the child has written `text`; returns all that it wrote. */
  const std::string& until(const std::string& text) {
    while (written_.find(text) == std::string::npos && receive()) {
    }
    return written_;
  }
  /** All that the child writes until it ends. */
  const std::string& all() {
    while (receive()) {
    }
    return written_;
  }

 private:
  unique_fd open_terminal() {
    winsize size{};
    size.ws_row = 5;
    size.ws_col = 40;
    int ours = -1;
    int theirs = -1;
    checked(::openpty(&ours, &theirs, nullptr, nullptr, &size), "openpty");
    reader_.reset(ours);
    return unique_fd{theirs};
  }
  unique_fd open_pipe() {
    Pipe pipe = make_pipe(O_CLOEXEC);
    reader_ = std::move(pipe.reader);
    return std::move(pipe.writer);
  }
  bool receive() {
    constexpr int kPatience = 60'000;
    pollfd readable{reader_.get(), POLLIN, 0};
    if (checked(::poll(&readable, 1, kPatience), "poll") == 0) {
      throw std::runtime_error("nothing more came after: " + written_);
    }
    std::array<char, 4096> chunk{};
    const ssize_t got = ::read(reader_.get(), chunk.data(), chunk.size());
    if (got <= 0) return false;  // EIO means that the terminal's other end is closed
    written_.append(chunk.data(), static_cast<size_t>(got));
    return true;
  }

  unique_fd reader_;
  std::string written_;
  std::optional<Child> child_;
};

/** Blocks in one call, like a Progress's owner that waits for a child or a lock. */
class Gate {
 public:
  void open() { pipe_.writer.reset(); }
  void wait_in_child() {
    pipe_.writer.reset();
    char byte = 0;
    checked(static_cast<int>(::read(pipe_.reader.get(), &byte, 1)), "read");
  }

 private:
  Pipe pipe_ = make_pipe(O_CLOEXEC);
};

TEST(Progress, CountsUpOnATerminalWhileItsOwnerIsBusyElsewhere) {
  Gate gate;
  Watched child{true, [&] {
                  Progress progress{"unpacking"};
                  gate.wait_in_child();
                  progress.done("all");
                }};
  EXPECT_THAT(child.until(" s"), testing::ContainsRegex("\r\033\\[Kunpacking \\.\\.\\. [0-9]+ s"));
  child.until("\r\033[Kunpacking ... 1");
  EXPECT_THAT(child.until("\r\033[Kunpacking ... 2"), HasSubstr("\r\033[Kunpacking ... 2"));
  gate.open();
  EXPECT_THAT(child.all(), EndsWith(" s, all\r\n"));
}

TEST(Progress, AsksHowFarItIsEachTime) {
  Gate gate;
  Watched child{true, [&] {
                  int steps = 0;
                  Progress progress{"making", [&] { return fmt::format("{} files", ++steps); }};
                  gate.wait_in_child();
                  progress.done();
                }};
  child.until("1 files");
  EXPECT_THAT(child.until("2 files"), HasSubstr("2 files"));
  gate.open();
  EXPECT_THAT(child.all(), EndsWith(" s\r\n"));
}

TEST(Progress, CutsTheLineAtTheTerminalsEdge) {
  Gate gate;
  Watched child{true, [&] {
                  Progress progress{std::string(60, 'x'), [] { return std::string{"hidden"}; }};
                  gate.wait_in_child();
                  progress.done();
                }};
  child.until("\033[K");
  const std::string line = "\r\033[K" + std::string(39, 'x');
  EXPECT_THAT(child.until(line + "\r"), HasSubstr(line + "\r"));
  gate.open();
  EXPECT_THAT(child.all(), Not(HasSubstr("hidden")));
}

TEST(Progress, WritesPlainLinesElsewhere) {
  Watched child{false, [] { Progress{"unpacking"}.done(); }};
  EXPECT_THAT(child.all(), testing::MatchesRegex("unpacking \\.\\.\\. [0-9.]+ s\n"));
}

TEST(Progress, LeavesAWholeLineWhenItsStepFails) {
  Watched child{true, [] { const Progress progress{"unpacking"}; }};
  EXPECT_THAT(child.all(), EndsWith(" s\r\n"));
}

}  // namespace
}  // namespace xpoll::vm
