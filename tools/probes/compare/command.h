// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>

#include "tools/util/child.h"
#include "tools/util/output_file.h"

namespace probes::compare {

using Words = xpoll::Argv;

/// A program that is there but does not begin before release(), so that probes can be put first. It
/// is killed in the end, if it was not waited for.
class Command final {
 public:
  /// Where its standard output goes: kept for output(), or to our standard error, since what we
  /// print is the report.
  enum class Output { kept, to_stderr };

  Command(const Words& words, Output output);

  [[nodiscard]] pid_t pid() const { return child_.pid(); }

  /// Lets it begin. Throws if there is no such program.
  void release();

  /// Readable once it has ended.
  [[nodiscard]] int fd() const { return child_.pidfd(); }

  /// Whether it ended within this time.
  [[nodiscard]] bool ended_within(std::chrono::milliseconds time) const {
    return child_.ended_within(time);
  }

  /// Asks it to end, and kills it if it does not within the time. False if it had to be killed.
  bool terminate(std::chrono::seconds patience);

  /// Its status, as a shell gives it.
  int wait() { return child_.wait(); }

  /// What it wrote to its standard output so far, if that is kept.
  [[nodiscard]] std::string output() const { return output_ ? output_->text() : std::string(); }

 private:
  std::optional<xpoll::OutputFile> output_;
  xpoll::Child child_;
};

}  // namespace probes::compare
