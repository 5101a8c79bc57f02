// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <sys/types.h>

#include <functional>
#include <string>
#include <vector>

#include "tools/util/checked.h"

namespace xpoll::test {

using Words = std::vector<std::string>;

// How a command ended, and what it said.
struct Result {
  int wait_status;
  std::string out;
  std::string err;

  // As a shell gives it.
  int status() const;
};

// A program that runs beside the test.
class Command {
 public:
  // `prepare` runs in the child before the program does.
  explicit Command(const Words& words, const std::function<void()>& prepare = {});
  Command(const Command&) = delete;
  Command& operator=(const Command&) = delete;
  // Kills one that was not waited for.
  ~Command();

  pid_t pid() const { return pid_; }
  // A line of its standard output.
  std::string read_line();
  void close_input() { in_.reset(); }
  Result wait();

 private:
  unique_fd in_;
  unique_fd out_;
  unique_fd err_;
  pid_t pid_ = -1;
};

Result run(const Words& words, const std::function<void()>& prepare = {});

// A file that the build put beside this program.
std::string built(const std::string& name);

// `xpoll-run options… victim mode…`, and the same without xpoll-run.
Words on_xpoll(const Words& options, const Words& mode);
Words natively(const Words& mode);

}  // namespace xpoll::test
