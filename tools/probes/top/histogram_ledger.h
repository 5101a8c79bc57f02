// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "probes/top/observation.h"
#include "probes/top/row.h"

namespace top {

/// Turns cumulative histograms into differences since the last observation.
class HistogramLedger {
 public:
  void fill(std::vector<Row>& rows, const Observation& observation);

 private:
  using Instance = std::pair<std::uint64_t, std::uint64_t>;
  using Counts = std::map<Instance, Histograms>;

  Counts last_;
};

}  // namespace top
