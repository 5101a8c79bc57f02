// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "probes/bpf/counts.h"

namespace probes::compare {

/// Counts what a process and its descendants do, in the kernel, from an exec of it on.
class Counter final {
 public:
  /// The process is the command from the exec on that follows after so many execs of launchers.
  Counter(pid_t command, unsigned launcher_execs);
  Counter(const Counter&) = delete;
  Counter& operator=(const Counter&) = delete;
  ~Counter();

  /// Whether the command listens, and then waited for events.
  [[nodiscard]] bool serving() const;

  /// Whether the process is the command or a descendant.
  [[nodiscard]] bool counts_process(std::uint32_t tgid) const;

  [[nodiscard]] counts figures() const;

  /// Hits that the kernel kept from the programs; empty if that is not known. If there were any,
  /// figures are too small.
  [[nodiscard]] std::optional<std::uint64_t> missed() const;

  /// What it counts by.
  [[nodiscard]] std::string probes() const;

 private:
  class Programs;
  std::unique_ptr<Programs> programs_;
};

}  // namespace probes::compare
