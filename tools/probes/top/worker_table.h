// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstddef>
#include <string>

#include "probes/top/interval.h"
#include "probes/top/table.h"

namespace top {

/// The workers of the instances that are among the rows, and a line for each group of several.
std::string worker_table(const Interval& interval);
/// The same by its parts, without columns that have no room.
Parts worker_parts_of(const Interval& interval, std::size_t width);

}  // namespace top
