// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "plan.h"

namespace demo {

/// Reads the reports of server and clients of one backend. Throws if a report is missing, or does
/// not show that all connections were open at once and every message arrived.
nlohmann::ordered_json read_figures(const Plan& plan, const std::string& backend);

}  // namespace demo
