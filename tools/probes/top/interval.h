// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "probes/bpf/top.h"
#include "probes/top/row.h"
#include "probes/top/worker.h"

namespace top {

/// By kind.
using Watched = std::array<bool, TOP_KINDS>;

/// Events that were not counted, since the beginning.
struct Lost {
  /// Hits during which the same probe was running on the same CPU: the kernel skips these. Not
  /// known if kprobes are used.
  std::optional<std::uint64_t> hits;
  /// Entries that did not fit into the maps.
  top_lost full{};
};

struct KindSum {
  std::uint64_t instances = 0;
  Figures figures;
};
using Sums = std::array<KindSum, TOP_KINDS>;

/// The differences between two observations.
struct Interval {
  double seconds = 0;
  std::vector<Row> rows;
  /// Includes workers of other instances: see groups_of().
  std::vector<Worker> workers;
  Lost lost;
};

Sums sums_of(const std::vector<Row>& rows);

/// The sums since the beginning.
struct Total {
  double seconds = 0;
  /// Covers all instances that ever existed.
  Sums sums;
  Lost lost;

  void add(const Interval& interval);
};

}  // namespace top
