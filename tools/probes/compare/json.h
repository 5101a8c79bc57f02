// SPDX-License-Identifier: GPL-2.0-only
#ifndef XPOLL_PROBES_COMPARE_JSON_H
#define XPOLL_PROBES_COMPARE_JSON_H

#include <nlohmann/json.hpp>

#include "run.h"

namespace probes::compare {

nlohmann::ordered_json to_json(const Comparison& comparison);

}  // namespace probes::compare

#endif  // XPOLL_PROBES_COMPARE_JSON_H
