// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <span>
#include <string>
#include <vector>

#include "probes/util/distribution.h"
#include "probes/util/terminal.h"

namespace probes {

/// One of those that stand side by side.
struct HistogramSide {
  std::string name;
  std::vector<Bucket> buckets;  ///< of nanoseconds
};

/// A line for each bucket that one of the sides has, with stars, in so many columns; empty if there
/// is none.
std::string histogram(const std::string& title, std::span<const HistogramSide> sides, int columns,
                      const Terminal& terminal);

}  // namespace probes
