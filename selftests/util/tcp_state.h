// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <netinet/in.h>
#include <netinet/tcp.h>

#include "tools/util/checked.h"

namespace xpoll::test {

// TCP_ESTABLISHED, TCP_CLOSE_WAIT (the peer's FIN has come), ...
int tcp_state(const unique_fd& socket);

// Whether the peer has closed: all its data is read and recv() returns 0.
bool sees_eof(const unique_fd& socket);

// Waits for the FIN of a peer that has just closed its last descriptor.
void wait_until_fin(const unique_fd& socket);

}  // namespace xpoll::test
