// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <termios.h>

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "tools/util/checked.h"
#include "tools/util/child.h"

namespace xpoll::test {

// A program of the build, beside this one, that has a terminal of its own, which the test reads and
// types on. It is killed in the end, if it was not joined.
class TerminalProgram {
 public:
  // `prepare` runs in the child before the program does.
  TerminalProgram(const std::string& name, const std::vector<std::string>& arguments,
                  const std::function<void()>& prepare = {});

  // Waits until the text is in what is written to the terminal from the last such text on. Throws
  // if it ends without.
  void wait_for(const std::string& text);
  void type(const std::string& keys) const;
  void resize(unsigned short rows, unsigned short columns) const;
  void signal(int number) const;
  // Waits for its end and returns its status, as a shell gives it.
  int join();

  // All that was written so far.
  const std::string& written() const { return written_; }
  // The modes of the terminal as the program found them, and as they are.
  const termios& modes_before() const { return before_; }
  termios modes() const;

 private:
  void read();
  bool ended() const { return child_->ended_within(std::chrono::milliseconds(0)); }

  unique_fd master_;
  unique_fd slave_;
  termios before_{};
  std::string written_;
  std::size_t seen_ = 0;
  std::optional<Child> child_;
};

}  // namespace xpoll::test
