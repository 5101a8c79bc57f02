// SPDX-License-Identifier: GPL-2.0-only
#ifndef XPOLL_SELFTESTS_UTIL_FD_PASSING_H
#define XPOLL_SELFTESTS_UTIL_FD_PASSING_H

#include "fd.h"

namespace xpoll_test {

// A byte, and a descriptor beside it: what sendmsg(2) and recvmsg(2) return. A descriptor that does
// not come leaves `fd` as it was.
long sendWithFd(int socket, int fd);
long recvWithFd(int socket, Fd& fd);

// One descriptor by SCM_RIGHTS over a UNIX socket. It stays open at the sender's.
void sendFd(const Fd& socket, int fd);
// The descriptor must be in the queue already. It arrives close-on-exec.
Fd recvFd(const Fd& socket);

}  // namespace xpoll_test

#endif  // XPOLL_SELFTESTS_UTIL_FD_PASSING_H
