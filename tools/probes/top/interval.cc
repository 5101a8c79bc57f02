// SPDX-License-Identifier: GPL-2.0-only
#include "probes/top/interval.h"

namespace top {

std::array<KindSum, TOP_KINDS> sums_of(const std::vector<Row>& rows) {
  std::array<KindSum, TOP_KINDS> sums;
  for (const Row& row : rows) {
    ++sums[row.kind].instances;
    sums[row.kind].figures += row.figures;
  }
  return sums;
}

void Total::add(const Interval& interval) {
  seconds += interval.seconds;
  for (const Row& row : interval.rows) {
    sums[row.kind].instances += row.fresh;
    sums[row.kind].figures += row.figures;
  }
  lost = interval.lost;
}

}  // namespace top
