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

// A command's wait status and output.
struct Result {
  int wait_status;
  std::string out;
  std::string err;

  // The exit status, as a shell reports it.
  int status() const;
};

// A program that runs beside the test. The destructor kills it if it was not waited for.
class Command {
 public:
  // `prepare` runs in the child before exec.
  explicit Command(const Words& words, const std::function<void()>& prepare = {});

  pid_t pid() const { return child_->pid(); }
  bool has_ended() const;
  // Reads a line of its standard output. Like wait(), throws if the program neither writes nor
  // ends.
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

// The path of a file that the build placed beside this program.
std::string built(const std::string& name);

Words concatenated(Words first, const Words& second);

// `victim mode…`, natively, by the preload library and by epoll's own calls.
Words natively(const Words& mode);
Words on_xpoll(const Words& options, const Words& mode);
Words by_calls(const Words& options, const Words& mode);

}  // namespace xpoll::test
