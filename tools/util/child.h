// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <sys/types.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>
#include <xpoll/unique_fd.hpp>

namespace xpoll {

using Argv = std::vector<std::string>;

/** What a child gets that differs from its parent; -1 leaves a standard stream as it is. */
struct ChildSetup {
  std::optional<std::filesystem::path> cwd;
  std::vector<std::string> environment;  // NAME=VALUE, added to the parent's
  std::vector<int> inherited;            // descriptors that stay open under the same number
  int in = -1;
  int out = -1;
  int err = -1;
  int terminal = -1;                  // all three streams, and the terminal of a session of its own
  bool own_group = false;             // a process group of its own, killed as a whole
  bool held = false;                  // does not begin before Child::release()
  int death_signal = SIGKILL;         // what it gets once the thread that started it is gone
  std::function<void()> before_exec;  // runs in the child, last; may throw
};

/** A child process, running another program, that cannot outlive this object, nor the runner. */
class Child {
 public:
  Child(const Argv& argv, const ChildSetup& setup);
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child();

  /**
   * Lets one that is held begin. Throws std::system_error, naming the program, if it can't be run;
   * one that is not held says so on its standard error, and ends with 127.
   */
  void release();

  [[nodiscard]] pid_t pid() const { return pid_; }
  /** Readable once the child has ended. */
  [[nodiscard]] int pidfd() const { return pidfd_.get(); }
  /** Whether it ended within this time. */
  [[nodiscard]] bool ended_within(std::chrono::milliseconds time) const;
  /** The exit status, 128 + N after signal N; waits for the end. */
  int wait();
  /** As wait(), but as waitpid(2) gives it. */
  int wait_status();
  void kill(int signal) const;

 private:
  std::string program_;
  bool group_ = false;
  pid_t pid_ = -1;
  unique_fd gate_;     // opens when it is written to
  unique_fd failure_;  // gives errno if there is no program, and ends when there is
  unique_fd pidfd_;
  std::optional<int> status_;
};

}  // namespace xpoll
