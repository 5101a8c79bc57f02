// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "probes/bpf/counts.h"

namespace probes::compare {

/// Counts in the kernel what a process and its descendants do, starting at an exec.
class Counter final {
 public:
  /// The process becomes the command at the exec that follows `launcher_execs` execs of launchers.
  Counter(pid_t command, unsigned launcher_execs);
  Counter(const Counter&) = delete;
  Counter& operator=(const Counter&) = delete;
  ~Counter();

  /// Whether the command listens and has waited for events.
  [[nodiscard]] bool serving() const;

  /// Whether the process is the command or a descendant.
  [[nodiscard]] bool counts_process(std::uint32_t tgid) const;

  [[nodiscard]] counts figures() const;

  /// Probe hits for which the kernel did not run the program; empty if not known. If there were
  /// any, the figures are too small.
  [[nodiscard]] std::optional<std::uint64_t> missed() const;

  /// The probes in use.
  [[nodiscard]] std::string probes() const;

 private:
  class Programs;
  std::unique_ptr<Programs> programs_;
};

}  // namespace probes::compare
