// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <string>
#include <string_view>

#include "apps/redis_client.h"

namespace xpoll::test {

// A field of what INFO tells in this section; empty if it isn't there.
std::string redis_info(RedisClient& client, const std::string& section, std::string_view field);

}  // namespace xpoll::test
