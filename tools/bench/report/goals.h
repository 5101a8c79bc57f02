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
  double ratio = 0;
  double limit = 0;

  [[nodiscard]] bool met() const { return ratio <= limit; }
};

/// Judges every goal at every place where both sides were measured.
std::vector<Verdict> judge(const Results& results);

}  // namespace bench_report
