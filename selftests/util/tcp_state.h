// SPDX-License-Identifier: GPL-2.0-only
#ifndef XPOLL_SELFTESTS_UTIL_TCP_STATE_H
#define XPOLL_SELFTESTS_UTIL_TCP_STATE_H

#include <netinet/in.h>
#include <netinet/tcp.h>

#include "fd.h"

namespace xpoll_test {

// TCP_ESTABLISHED, TCP_CLOSE_WAIT (the peer's FIN has come), ...
int tcpState(const Fd& socket);

// What a peer that closed looks like from here: everything it sent is read and recv() returns 0.
bool seesEof(const Fd& socket);

// Waits for the FIN of a peer that has just closed its last descriptor.
void waitUntilFin(const Fd& socket);

}  // namespace xpoll_test

#endif  // XPOLL_SELFTESTS_UTIL_TCP_STATE_H
