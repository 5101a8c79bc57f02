// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstddef>
#include <string>

#include "probes/top/interval.h"

namespace top {

/// At most so many of the rows, and a sum for each kind. Kinds that are not watched are left out.
std::string table(const Interval& interval, const Watched& watched, std::size_t most);
/// The sums alone.
std::string table(const Total& total, const Watched& watched);

}  // namespace top
