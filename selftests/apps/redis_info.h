// SPDX-License-Identifier: GPL-2.0-only
#ifndef XPOLL_SELFTESTS_APPS_REDIS_INFO_H
#define XPOLL_SELFTESTS_APPS_REDIS_INFO_H

#include <string>
#include <string_view>

#include "apps/redis_client.h"

namespace xpoll_test {

// A field of what INFO tells in this section; empty if it isn't there.
std::string redisInfo(RedisClient& client, const std::string& section, std::string_view field);

}  // namespace xpoll_test

#endif  // XPOLL_SELFTESTS_APPS_REDIS_INFO_H
