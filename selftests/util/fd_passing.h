// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "tools/util/checked.h"

namespace xpoll::test {

// A byte, and a descriptor beside it: what sendmsg(2) and recvmsg(2) return. A descriptor that does
// not come leaves `fd` as it was.
long send_with_fd(int socket, int fd);
long recv_with_fd(int socket, unique_fd& fd);

// One descriptor by SCM_RIGHTS over a UNIX socket. It stays open at the sender's.
void send_fd(const unique_fd& socket, int fd);
// The descriptor must be in the queue already. It arrives close-on-exec.
unique_fd recv_fd(const unique_fd& socket);

}  // namespace xpoll::test
