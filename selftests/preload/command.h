// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <sys/types.h>

#include <functional>
#include <optional>
#include <string>

#include "tools/util/checked.h"
#include "tools/util/child.h"

namespace xpoll::test {

using Words = Argv;

// How a command ended, and what it said.
struct Result {
  int wait_status;
  std::string out;
  std::string err;

  // As a shell gives it.
  int status() const;
};

// A program that runs beside the test. It is killed in the end, if it was not waited for.
class Command {
 public:
  // `prepare` runs in the child before the program does.
  explicit Command(const Words& words, const std::function<void()>& prepare = {});

  pid_t pid() const { return child_->pid(); }
  bool has_ended() const;
  // A line of its standard output. As wait(), throws if the program neither says anything nor ends.
  std::string read_line();
  void close_input() { in_.reset(); }
  Result wait();

 private:
  unique_fd in_;
  unique_fd out_;
  unique_fd err_;
  std::optional<Child> child_;
};

Result run(const Words& words, const std::function<void()>& prepare = {});

// A file that the build put beside this program.
std::string built(const std::string& name);

// `xpoll-run options… victim mode…`, and the same without xpoll-run.
Words on_xpoll(const Words& options, const Words& mode);
Words natively(const Words& mode);

}  // namespace xpoll::test
