// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <sys/types.h>

#include <chrono>
#include <string>
#include <vector>
#include <xpoll/unique_fd.hpp>

namespace probes::compare {

using Words = std::vector<std::string>;

/// A program that is there but does not begin before release(), so that probes can be put first.
class Command final {
 public:
  /// Where its standard output goes: kept for output(), or to our standard error, since what we
  /// print is the report.
  enum class Output { kept, to_stderr };

  Command(Words words, Output output);
  Command(const Command&) = delete;
  Command& operator=(const Command&) = delete;
  /// Kills it, if it was not waited for.
  ~Command();

  [[nodiscard]] pid_t pid() const { return pid_; }

  /// Lets it begin. Throws if there is no such program.
  void release();

  /// Readable once it has ended.
  [[nodiscard]] int fd() const { return pidfd_.get(); }

  /// Whether it ended within this time.
  [[nodiscard]] bool ended_within(std::chrono::milliseconds time) const;

  /// Asks it to end, and kills it if it does not within the time. False if it had to be killed.
  bool terminate(std::chrono::seconds patience);

  /// Its status, as a shell gives it.
  int wait();

  /// What it wrote to its standard output so far, if that is kept.
  [[nodiscard]] std::string output() const;

 private:
  Words words_;
  xpoll::unique_fd output_;
  xpoll::unique_fd gate_;    ///< closed, it lets the program begin
  xpoll::unique_fd errors_;  ///< errno, if it could not
  pid_t pid_ = -1;
  xpoll::unique_fd pidfd_;
};

}  // namespace probes::compare
