// SPDX-License-Identifier: GPL-2.0-only
#ifndef XPOLL_SELFTESTS_APPS_TCP_PORT_H
#define XPOLL_SELFTESTS_APPS_TCP_PORT_H

#include <cstdint>

#include "apps/program.h"

namespace xpoll_test {

// A port of 127.0.0.1 that nobody listens on.
std::uint16_t freeTcpPort();

// Until the server accepts connections there; throws, with what it printed, if it ends instead.
void waitUntilListening(Program& server, std::uint16_t port);

}  // namespace xpoll_test

#endif  // XPOLL_SELFTESTS_APPS_TCP_PORT_H
