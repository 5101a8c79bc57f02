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

// A program beside this one with its own terminal, which the test reads from and types on. The
// destructor kills the program if it was not joined.
class TerminalProgram {
 public:
  // `prepare` runs in the child before exec.
  TerminalProgram(const std::string& name, const std::vector<std::string>& arguments,
                  const std::function<void()>& prepare = {});

  // Waits until the text appears on the terminal, after the previous match. Throws if the program
  // ends first.
  void wait_for(const std::string& text);
  void type(const std::string& keys) const;
  void resize(unsigned short rows, unsigned short columns) const;
  void signal(int number) const;
  // Waits for its end and returns its exit status, as a shell reports it.
  int join();

  // All output so far.
  const std::string& written() const { return written_; }
  // The terminal's modes before the program started, and now.
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
