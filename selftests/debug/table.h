// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "debug/evidence.h"

namespace xpoll::debug {

std::string to_table(const std::vector<Evidence>& runs);

nlohmann::json to_json(const std::vector<Evidence>& runs);

}  // namespace xpoll::debug
