// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <nlohmann/json.hpp>
#include <vector>

#include "probes/top/interval.h"
#include "probes/top/worker.h"

namespace top {

/// Omits kinds that are not watched.
nlohmann::ordered_json to_json(const Interval& interval, const Watched& watched);
/// Groups of workers, for an interval of `seconds`.
nlohmann::ordered_json to_json(const std::vector<Group>& groups, double seconds);
/// The histograms of instances that have any.
nlohmann::ordered_json histograms_json(const std::vector<Row>& rows);
nlohmann::ordered_json to_json(const Total& total, const Watched& watched);

}  // namespace top
