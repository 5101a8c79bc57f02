// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <sys/types.h>

#include <chrono>
#include <csignal>
#include <functional>
#include <string>
#include <vector>

#include "tools/util/output_file.h"
#include "tools/util/process.h"

namespace xpoll::test {

using ProgramResult = Outcome;

// A program of the build, beside this one, that runs beside the test. What it writes goes to files,
// so that it never waits for the test to read. It is killed in the end, if it was not joined.
class Program {
 public:
  // `prepare` runs in the child before the program does.
  Program(const std::string& name, const std::vector<std::string>& arguments,
          const std::function<void()>& prepare = {});

  pid_t pid() const { return child_.pid(); }
  // Waits until the text is in what it wrote to standard error or output, and returns all of that.
  // Throws if it ends without.
  std::string wait_for_error(const std::string& text);
  std::string wait_for_output(const std::string& text);
  // Waits until the condition, called `what`, holds. Throws if it ends without.
  void wait_for(const std::string& what, const std::function<bool()>& condition);
  // What it wrote to standard output so far.
  std::string output() const { return out_.text(); }
  void signal(int number) const;
  // By SIGSTOP; returns when it does not run any more.
  void stop() const;
  void resume() const { signal(SIGCONT); }
  // Waits for its end.
  ProgramResult join();

 private:
  std::string wait_for(const std::string& text, const OutputFile& written);
  bool ended() const { return child_.ended_within(std::chrono::milliseconds(0)); }

  OutputFile out_;
  OutputFile err_;
  Child child_;
};

}  // namespace xpoll::test
