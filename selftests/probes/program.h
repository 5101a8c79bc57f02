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

// A program beside this one that runs during the test. Its output goes to files, so it never waits
// for the test to read. The destructor kills it if it was not joined.
class Program {
 public:
  // `prepare` runs in the child before exec.
  Program(const std::string& name, const std::vector<std::string>& arguments,
          const std::function<void()>& prepare = {});

  pid_t pid() const { return child_.pid(); }
  // Waits until the text appears on standard error or standard output, and returns that output.
  // Throws if the program ends first.
  std::string wait_for_error(const std::string& text);
  std::string wait_for_output(const std::string& text);
  // Waits until the condition, named `what`, holds. Throws if the program ends first.
  void wait_for(const std::string& what, const std::function<bool()>& condition);
  // Its standard output so far.
  std::string output() const { return out_.text(); }
  void signal(int number) const;
  // Sends SIGSTOP and returns when it is stopped.
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
