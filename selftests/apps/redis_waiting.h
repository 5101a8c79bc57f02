// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstdint>

#include "apps/redis_server.h"

namespace xpoll::test {

// Clients that wait for other clients' actions. Both functions throw at a wrong or missing message
// and return the number of messages received.

// A client blocks in BLPOP before each push.
std::uint64_t pop_blocking(const RedisServer& server, int rounds);
// Several clients subscribe to one channel.
std::uint64_t publish(const RedisServer& server, int rounds);

}  // namespace xpoll::test
