// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstddef>
#include <string>

#include "probes/top/interval.h"
#include "probes/top/table.h"

namespace top {

/// The workers of the instances among the rows, and one line for each group of several.
std::string worker_table(const Interval& interval);
/// The same as separate parts, without columns that do not fit.
Parts worker_parts_of(const Interval& interval, std::size_t width);

}  // namespace top
