// SPDX-License-Identifier: GPL-2.0-only
#ifndef XPOLL_SELFTESTS_FUZZ_RIGHTS_H
#define XPOLL_SELFTESTS_FUZZ_RIGHTS_H

#include "util/fd.h"

namespace xpoll_fuzz {

// One byte with a descriptor (SCM_RIGHTS). What sendmsg() returned.
long sendWithFd(int socket, int fd);
// One byte, and the descriptor that came with it, if any. What recvmsg() returned.
long receiveWithFd(int socket, xpoll_test::Fd& fd);

}  // namespace xpoll_fuzz

#endif  // XPOLL_SELFTESTS_FUZZ_RIGHTS_H
