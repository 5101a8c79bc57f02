// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "probes/top/interval.h"

namespace top {

/// The rows, and a sum for each kind. Kinds that are not watched are left out.
std::string table(const Interval& interval, const Watched& watched);
/// The sums alone, without columns that have no room in the width.
std::string table(const Total& total, const Watched& watched, std::size_t width = SIZE_MAX);

/// The same by its parts.
struct Parts {
  std::string header;
  std::vector<std::string> rows;
  std::vector<std::string> sums;
  std::vector<std::string> remarks;
  /// The heads of columns that have no room; that by which the rows are sorted is not among them.
  std::vector<std::string> left_out;
};
Parts parts_of(const Interval& interval, const Watched& watched, const std::string& sort,
               std::size_t width);

/// What the figures leave out.
std::vector<std::string> remarks_of(const Sums& sums, const Lost& lost);

}  // namespace top
