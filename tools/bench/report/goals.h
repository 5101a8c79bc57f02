// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <string>
#include <vector>

#include "results.h"

namespace bench_report {

/// A goal held against what was measured.
struct Verdict {
  std::string goal;
  std::string where;  // subject and parameters
  double ratio = 0;
  double limit = 0;

  [[nodiscard]] bool met() const { return ratio <= limit; }
};

/// Every goal at every place where both of its sides were measured.
std::vector<Verdict> judge(const Results& results);

}  // namespace bench_report
