// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <sys/types.h>

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "probes/bpf/top.h"
#include "probes/top/row.h"

namespace top {

struct FileNumber {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;

  friend auto operator<=>(const FileNumber&, const FileNumber&) = default;
};

/// What an instance watches with EPOLLEXCLUSIVE, if anything.
using Exclusive = std::optional<FileNumber>;

/// What a thread that waits on an instance did in a span of time.
struct Worker {
  std::uint64_t ep = 0;
  std::uint64_t instance_since = 0;
  pid_t tid = 0;
  pid_t pid = 0;
  pid_t parent = 0;
  std::string command;
  std::uint64_t events = 0;      ///< delivered to it
  std::uint64_t deliveries = 0;  ///< waits that delivered them
  std::uint64_t away_ns = 0;     ///< in the span, not in a wait on the instance
  /// Of the absences that ended in the span or go on, counted from where they began.
  std::uint64_t longest_away_ns = 0;
  bool ended = false;
  Exclusive file;
};

/// Why workers are of one group.
enum class Common { file, instance, program };
const char* common_name(Common common);

/// Workers that could take each other's events.
struct Group {
  Common common = Common::program;
  top_kind kind = TOP_NATIVE;
  std::vector<Worker> workers;  ///< not empty; with most events first

  std::uint64_t events() const;
  std::uint64_t most() const { return workers.front().events; }
  std::uint64_t least() const { return workers.back().events; }
  /// Empty without events.
  std::optional<double> share(const Worker& worker) const;
  /// Of the events of the busiest to those of the least busy; empty if that one has none, or is the
  /// only one.
  std::optional<double> max_min() const;
};

/// Those whose instance is among the rows. The groups are in the order of the rows.
std::vector<Group> groups_of(const std::vector<Row>& rows, const std::vector<Worker>& workers);

}  // namespace top
