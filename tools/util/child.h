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

/** How a child differs from its parent. -1 leaves a standard stream unchanged. */
struct ChildSetup {
  std::optional<std::filesystem::path> cwd;
  std::vector<std::string> environment;  // NAME=VALUE, added to the parent's
  std::vector<int> inherited;            // descriptors that stay open under the same numbers
  int in = -1;
  int out = -1;
  int err = -1;
  int terminal = -1;                  // all three streams, and the controlling terminal of a new
                                      // session
  bool own_group = false;             // a process group of its own, which is killed as a whole
  bool held = false;                  // does not start before Child::release()
  int death_signal = SIGKILL;         // the signal that it gets when the thread that started it
                                      // ends
  std::function<void()> before_exec;  // runs in the child, last; may throw
};

/** A child process that runs another program. It outlives neither this object nor the parent
 * process. */
class Child {
 public:
  Child(const Argv& argv, const ChildSetup& setup);
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child();

  /**
   * Starts a held child. Throws std::system_error, naming the program, if it can't be executed. A
   * child that is not held reports that on its standard error and exits with 127.
   */
  void release();

  [[nodiscard]] pid_t pid() const { return pid_; }
  /** Readable once the child has ended. */
  [[nodiscard]] int pidfd() const { return pidfd_.get(); }
  /** Whether it ends within this time. */
  [[nodiscard]] bool ended_within(std::chrono::milliseconds time) const;
  /** Waits for the end. Returns the exit status, or 128 + N after signal N. */
  int wait();
  /** Like wait(), but returns the status of waitpid(2). */
  int wait_status();
  void kill(int signal) const;

 private:
  std::string program_;
  bool group_ = false;
  pid_t pid_ = -1;
  unique_fd gate_;     // a write starts a held child
  unique_fd failure_;  // delivers errno if exec failed; end of file if it succeeded
  unique_fd pidfd_;
  std::optional<int> status_;
};

}  // namespace xpoll
