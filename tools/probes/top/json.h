// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <nlohmann/json.hpp>

#include "probes/top/interval.h"

namespace top {

/// Kinds that are not watched are left out.
nlohmann::ordered_json to_json(const Interval& interval, const Watched& watched);
nlohmann::ordered_json to_json(const Total& total, const Watched& watched);

}  // namespace top
