// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
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
  bool own_group = false;             // a process group of its own, killed as a whole
  std::function<void()> before_exec;  // runs in the child; may throw
};

/** A child process that cannot outlive this object, nor the runner. */
class Child {
 public:
  Child(const Argv& argv, const ChildSetup& setup);
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child();

  /** Readable once the child has ended. */
  [[nodiscard]] int pidfd() const { return pidfd_.get(); }
  /** The exit status, 128 + N after signal N; waits for the end. */
  int wait();
  void kill(int signal) const;

 private:
  pid_t pid_ = -1;
  bool group_ = false;
  unique_fd pidfd_;
  std::optional<int> status_;
};

/** A command failed because it could not write; the message names it, and what it said first. */
class DiskFull : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/** The first line that tells of a full disk, or nothing. */
std::optional<std::string> disk_full_line(std::string_view output);

/** Runs to the end and returns the status. */
int run_status(const Argv& argv, const ChildSetup& setup = {});

/** Runs to the end; throws with the command line and its stderr unless it succeeded. */
void run_checked(const Argv& argv, const ChildSetup& setup = {});

/** As run_checked; returns standard output. */
std::string capture(const Argv& argv, const ChildSetup& setup = {});

/** Whether a program of that name is in PATH. */
bool have_program(const std::string& name);

/** `text` as one word of a POSIX shell. */
std::string shell_quote(const std::string& text);

}  // namespace xpoll
