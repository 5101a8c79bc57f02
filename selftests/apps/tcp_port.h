// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstdint>

#include "apps/program.h"

namespace xpoll::test {

// A port of 127.0.0.1 without a listener.
std::uint16_t free_tcp_port();

// Waits until the server accepts connections. Throws with the server's output if it ends instead.
void wait_until_listening(Program& server, std::uint16_t port);

}  // namespace xpoll::test
