/* SPDX-License-Identifier: MIT */
#include <stddef.h>
#include <xpoll/xpoll.h>

#include "instance.h"

/* The kernel reads the caller's timespec, and says what is wrong with it. */
_Static_assert(sizeof(struct timespec) == 16 && sizeof(((struct timespec*)0)->tv_sec) == 8 &&
                   offsetof(struct timespec, tv_nsec) == 8,
               "layout of struct __kernel_timespec");

static XPOLL_ASIDE int by_ioctl(int epfd, struct xpoll_wait* arg) {
  int ret = xpoll_wait_ioctl(epfd, arg);

  if (!xpoll_wait_is_foreign(epfd, ret)) return xpoll_with_errno(ret);
  return xpoll_with_errno(xpoll_wait_call(
      SYS_epoll_pwait2, epfd, (struct epoll_event*)(uintptr_t)arg->events, arg->maxevents,
      (intptr_t)arg->timeout_ns, (const sigset_t*)(uintptr_t)arg->sigmask));
}

int xpoll_pwait2(int epfd, struct epoll_event* events, int maxevents,
                 const struct timespec* timeout, const sigset_t* sigmask) {
  struct xpoll_wait arg =
      xpoll_wait_of(events, maxevents, (intptr_t)timeout, XPOLL_WAIT_TIMESPEC, sigmask);
  int ret;

  if (!xpoll_hint(&xpoll_calls_hint)) return by_ioctl(epfd, &arg);
  ret = xpoll_wait_call(SYS_epoll_pwait2, epfd, events, maxevents, (intptr_t)timeout, sigmask);
  return ret < 0 ? xpoll_wait_call_failed(ret, epfd, &arg) : ret;
}
