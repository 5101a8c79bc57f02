// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <nlohmann/json.hpp>

namespace demo {

/// Prints the figures of the two backends side by side.
void print_table(const nlohmann::ordered_json& on_xpoll, const nlohmann::ordered_json& native);

}  // namespace demo
