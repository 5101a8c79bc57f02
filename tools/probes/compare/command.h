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

/// A program that is forked but waits for release(), so that probes can be attached first. The
/// destructor kills it if it was not waited for.
class Command final {
 public:
  /// The destination of its standard output: kept for output(), or our standard error, since our
  /// standard output has the report.
  enum class Output { kept, to_stderr };

  Command(const Words& words, Output output);

  [[nodiscard]] pid_t pid() const { return child_.pid(); }

  /// Starts it. Throws if there is no such program.
  void release();

  /// Readable once it has ended.
  [[nodiscard]] int fd() const { return child_.pidfd(); }

  /// Whether it ends within this time.
  [[nodiscard]] bool ended_within(std::chrono::milliseconds time) const {
    return child_.ended_within(time);
  }

  /// Sends SIGTERM, and SIGKILL after `patience`. False if it had to be killed.
  bool terminate(std::chrono::seconds patience);

  /// Its exit status, as a shell reports it.
  int wait() { return child_.wait(); }

  /// Its standard output so far, if that is kept.
  [[nodiscard]] std::string output() const { return output_ ? output_->text() : std::string(); }

 private:
  std::optional<xpoll::OutputFile> output_;
  xpoll::Child child_;
};

}  // namespace probes::compare
