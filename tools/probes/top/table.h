// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "probes/top/interval.h"

namespace top {

/// The rows, and a sum for each kind. Kinds that are not watched are omitted.
std::string table(const Interval& interval, const Watched& watched);
/// Only the sums, without the columns that do not fit the width.
std::string table(const Total& total, const Watched& watched, std::size_t width = SIZE_MAX);

/// The same as separate parts.
struct Parts {
  std::string header;
  std::vector<std::string> rows;
  std::vector<std::string> sums;
  std::vector<std::string> remarks;
  /// The headings of columns that do not fit; never the sort column.
  std::vector<std::string> left_out;
};
Parts parts_of(const Interval& interval, const Watched& watched, const std::string& sort,
               std::size_t width);

/// Notes on events that the figures do not include.
std::vector<std::string> remarks_of(const Sums& sums, const Lost& lost);

}  // namespace top
