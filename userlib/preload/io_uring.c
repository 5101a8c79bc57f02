/* SPDX-License-Identifier: MIT */
/*
 * A ring's IORING_OP_EPOLL_CTL knows native instances only: on one of xpoll's it fails with EINVAL.
 * libuv has sent its changes that way since 1.45, and aborts then. So syscall() answers as a kernel
 * without io_uring does, for which such programs have another way.
 */
#include <errno.h>
#include <sys/syscall.h>

#include "settings.h"
#include "system_call.h"

long io_uring_setup_system_call(long entries, long params);

/* What syscall() does for io_uring_setup; called from syscall.S. */
long io_uring_setup_system_call(long entries, long params) {
  if (!settings_get().io_uring) return system_call_failed(-ENOSYS);
  return with_errno(system_call(SYS_io_uring_setup, entries, params, 0, 0, 0, 0));
}
