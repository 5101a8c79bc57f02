/* SPDX-License-Identifier: MIT */
#include <stddef.h>
#include <xpoll/xpoll.h>

#include "instance.h"
#include "native.h"

/* The kernel reads the caller's timespec, and says what is wrong with it. */
_Static_assert(sizeof(struct timespec) == 16 && sizeof(((struct timespec*)0)->tv_sec) == 8 &&
                   offsetof(struct timespec, tv_nsec) == 8,
               "layout of struct __kernel_timespec");

int xpoll_pwait2(int epfd, struct epoll_event* events, int maxevents,
                 const struct timespec* timeout, const sigset_t* sigmask) {
  struct xpoll_wait arg =
      xpoll_wait_of(events, maxevents, (int64_t)(uintptr_t)timeout, XPOLL_WAIT_TIMESPEC, sigmask);
  int ret = xpoll_wait_ioctl(epfd, &arg);

  return xpoll_wait_is_foreign(epfd, ret)
             ? xpoll_native_pwait2(epfd, events, maxevents, timeout, sigmask)
             : xpoll_with_errno(ret);
}
