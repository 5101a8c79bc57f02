// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <sys/types.h>

#include <csignal>
#include <functional>
#include <string>
#include <vector>

#include "tools/util/checked.h"

namespace xpoll::test {

// How a program ended, and what it wrote.
struct ProgramResult {
  int status = -1;  // as a shell gives it
  std::string out;
  std::string err;
};

// A program of the build, beside this one, that runs beside the test. What it writes goes to files,
// so that it never waits for the test to read.
class Program {
 public:
  // `prepare` runs in the child before the program does.
  Program(const std::string& name, const std::vector<std::string>& arguments,
          const std::function<void()>& prepare = {});
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;
  // Kills one that was not joined.
  ~Program();

  pid_t pid() const { return pid_; }
  // Waits until the text is in what it wrote to standard error or output, and returns all of that.
  // Throws if it ends without.
  std::string wait_for_error(const std::string& text);
  std::string wait_for_output(const std::string& text);
  // Waits until the condition, called `what`, holds. Throws if it ends without.
  void wait_for(const std::string& what, const std::function<bool()>& condition);
  // What it wrote to standard output so far.
  std::string output() const;
  void signal(int number) const;
  // By SIGSTOP; returns when it does not run any more.
  void stop() const;
  void resume() const { signal(SIGCONT); }
  // Waits for its end.
  ProgramResult join();

 private:
  std::string wait_for(const std::string& text, const unique_fd& written);
  bool ended();

  unique_fd out_;
  unique_fd err_;
  pid_t pid_ = -1;
  int wait_status_ = 0;
  bool reaped_ = false;
};

}  // namespace xpoll::test
