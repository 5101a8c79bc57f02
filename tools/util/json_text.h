// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace xpoll {

/**
 * JSON as text. A process gives itself any name, and a command prints any bytes: what is not UTF-8
 * becomes U+FFFD, where dump() alone throws.
 */
template <typename Json>
std::string json_text(const Json& json, int indent = -1) {
  return json.dump(indent, ' ', false, Json::error_handler_t::replace);
}

}  // namespace xpoll
