// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <string>
#include <string_view>

#include "apps/redis_client.h"

namespace xpoll::test {

// A field of a section of INFO; empty if it is missing.
std::string redis_info(RedisClient& client, const std::string& section, std::string_view field);

}  // namespace xpoll::test
