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

/// The file that an instance watches with EPOLLEXCLUSIVE, if any.
using Exclusive = std::optional<FileNumber>;

/// The activity of a thread on an instance in an interval.
struct Worker {
  std::uint64_t ep = 0;
  std::uint64_t instance_since = 0;
  pid_t tid = 0;
  pid_t pid = 0;
  pid_t parent = 0;
  std::string command;
  std::uint64_t events = 0;      ///< events delivered to it
  std::uint64_t deliveries = 0;  ///< waits that delivered events
  std::uint64_t away_ns = 0;     ///< time in the interval outside waits on the instance
  /// The longest absence that ended in the interval or continues, measured from its beginning.
  std::uint64_t longest_away_ns = 0;
  bool ended = false;
  Exclusive file;
};

/// Why workers belong to one group.
enum class Common { file, instance, program };
const char* common_name(Common common);

/// Workers that could take each other's events.
struct Group {
  Common common = Common::program;
  top_kind kind = TOP_NATIVE;
  std::vector<Worker> workers;  ///< not empty; sorted by events, most first

  std::uint64_t events() const;
  std::uint64_t most() const { return workers.front().events; }
  std::uint64_t least() const { return workers.back().events; }
  /// Empty if there were no events.
  std::optional<double> share(const Worker& worker) const;
  /// The events of the busiest worker divided by those of the least busy; empty if that one has
  /// none, or there is only one worker.
  std::optional<double> max_min() const;
};

/// Groups the workers whose instance is among the rows, in the order of the rows.
std::vector<Group> groups_of(const std::vector<Row>& rows, const std::vector<Worker>& workers);

}  // namespace top
