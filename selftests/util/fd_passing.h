// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "tools/util/checked.h"

namespace xpoll::test {

// Sends or receives a byte with a descriptor. Returns the result of sendmsg(2) or recvmsg(2). If no
// descriptor arrives, `fd` is unchanged.
long send_with_fd(int socket, int fd);
long recv_with_fd(int socket, unique_fd& fd);

// Sends one descriptor by SCM_RIGHTS over a UNIX socket. The sender's copy stays open.
void send_fd(const unique_fd& socket, int fd);
// Receives a descriptor that is in the queue already. It is close-on-exec.
unique_fd recv_fd(const unique_fd& socket);

}  // namespace xpoll::test
