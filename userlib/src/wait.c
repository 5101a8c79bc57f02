/* SPDX-License-Identifier: MIT */
#include <xpoll/xpoll.h>

#include "instance.h"
#include "native.h"
#include "timeout.h"

static XPOLL_ASIDE int pwait_failed(int ret, int epfd, const struct xpoll_wait* arg,
                                    int timeout_ms) {
  return xpoll_wait_is_foreign(epfd, ret)
             ? xpoll_native_pwait(epfd, (struct epoll_event*)(uintptr_t)arg->events, arg->maxevents,
                                  timeout_ms, (const sigset_t*)(uintptr_t)arg->sigmask)
             : xpoll_with_errno(ret);
}

static XPOLL_ASIDE int pwait_cancellably(int epfd, struct xpoll_wait* arg, int timeout_ms) {
  int ret = xpoll_wait_cancellably(epfd, arg);

  return ret < 0 ? pwait_failed(ret, epfd, arg, timeout_ms) : ret;
}

static inline int pwait(int epfd, struct epoll_event* events, int maxevents, int timeout_ms,
                        const sigset_t* sigmask) {
  struct xpoll_wait arg =
      xpoll_wait_of(events, maxevents, xpoll_ns_from_ms(timeout_ms), 0, sigmask);
  int ret;

  if (xpoll_cancel_is_possible()) return pwait_cancellably(epfd, &arg, timeout_ms);
  ret = xpoll_ioctl(epfd, XPOLL_IOC_WAIT, &arg);
  return ret < 0 ? pwait_failed(ret, epfd, &arg, timeout_ms) : ret;
}

int xpoll_pwait(int epfd, struct epoll_event* events, int maxevents, int timeout_ms,
                const sigset_t* sigmask) {
  return pwait(epfd, events, maxevents, timeout_ms, sigmask);
}

int xpoll_wait(int epfd, struct epoll_event* events, int maxevents, int timeout_ms) {
  return pwait(epfd, events, maxevents, timeout_ms, NULL);
}
