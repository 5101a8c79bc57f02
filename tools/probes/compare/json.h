// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <nlohmann/json.hpp>

#include "run.h"

namespace probes::compare {

nlohmann::ordered_json to_json(const Comparison& comparison);

}  // namespace probes::compare
