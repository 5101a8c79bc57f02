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

/// What could not be counted, since the beginning.
struct Lost {
  /// Hits that came while the same probe ran on the same processor: the kernel leaves them out.
  /// Not known where kprobes are used.
  std::optional<std::uint64_t> hits;
  /// What the probes had no room for.
  top_lost full{};
};

struct KindSum {
  std::uint64_t instances = 0;
  Figures figures;
};
using Sums = std::array<KindSum, TOP_KINDS>;

/// What happened between two observations.
struct Interval {
  double seconds = 0;
  std::vector<Row> rows;
  /// Those of other instances too: see groups_of().
  std::vector<Worker> workers;
  Lost lost;
};

Sums sums_of(const std::vector<Row>& rows);

/// What happened since the beginning.
struct Total {
  double seconds = 0;
  /// The instances are all that there ever were.
  Sums sums;
  Lost lost;

  void add(const Interval& interval);
};

}  // namespace top
