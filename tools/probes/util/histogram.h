// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <span>
#include <string>
#include <vector>

#include "probes/util/distribution.h"
#include "probes/util/terminal.h"

namespace probes {

/// One of the histograms shown side by side.
struct HistogramSide {
  std::string name;
  std::vector<Bucket> buckets;  ///< in nanoseconds
};

/// One line for each bucket that any side has, with stars, at most `columns` wide; empty if there
/// are no buckets.
std::string histogram(const std::string& title, std::span<const HistogramSide> sides, int columns,
                      const Terminal& terminal);

}  // namespace probes
