// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "results.h"

namespace bench_report {

/// A benchmark that was measured twice.
struct Change {
  std::string name;
  std::string unit;
  double before = 0;
  double after = 0;

  /// Infinite if the figure was 0 before.
  [[nodiscard]] double relative() const { return before == after ? 0 : after / before - 1; }
};

/// Returns figures that differ by more than `threshold`, the largest change first. Counted figures
/// repeat to within 0.5 %.
std::vector<Change> changes(const Results& base, const Results& now, double threshold);

std::string changes_table(const Results& base, const Results& now, double threshold);
nlohmann::json changes_json(const Results& base, const Results& now, double threshold);

}  // namespace bench_report
