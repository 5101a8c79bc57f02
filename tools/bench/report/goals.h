// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <string>
#include <vector>

#include "results.h"

namespace bench_report {

/// A goal compared with the measured figure.
struct Verdict {
  std::string goal;
  std::string where;  // subject and parameters
  double ratio = 0;   // or the difference, or the figure itself
  double limit = 0;

  [[nodiscard]] bool met() const { return ratio <= limit; }
};

/// Judges every goal at every place where both sides were measured.
std::vector<Verdict> judge(const Results& results);

/// The names of the goals for which these results have no row. A whole run has one for each.
std::vector<std::string> unjudged(const Results& results);

}  // namespace bench_report
