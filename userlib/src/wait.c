/* SPDX-License-Identifier: MIT */
#include <xpoll/xpoll.h>

#include "instance.h"
#include "timeout.h"

static struct xpoll_wait wait_of(struct epoll_event* events, int maxevents, int timeout_ms,
                                 const sigset_t* sigmask) {
  return xpoll_wait_of(events, maxevents, xpoll_ns_from_ms(timeout_ms), 0, sigmask);
}

static XPOLL_ASIDE int call_failed(int ret, int epfd, struct epoll_event* events, int maxevents,
                                   int timeout_ms, const sigset_t* sigmask) {
  struct xpoll_wait arg = wait_of(events, maxevents, timeout_ms, sigmask);

  return xpoll_wait_call_failed(ret, epfd, &arg);
}

static XPOLL_ASIDE int ioctl_failed(int ret, int epfd, struct epoll_event* events, int maxevents,
                                    int timeout_ms, const sigset_t* sigmask) {
  if (xpoll_wait_is_foreign(epfd, ret))
    ret = xpoll_wait_call(SYS_epoll_pwait, epfd, events, maxevents, timeout_ms, sigmask);
  return xpoll_with_errno(ret);
}

static XPOLL_ASIDE int by_ioctl(int epfd, struct epoll_event* events, int maxevents, int timeout_ms,
                                const sigset_t* sigmask) {
  struct xpoll_wait arg = wait_of(events, maxevents, timeout_ms, sigmask);
  int ret = xpoll_wait_ioctl(epfd, &arg);

  return ret < 0 ? ioctl_failed(ret, epfd, events, maxevents, timeout_ms, sigmask) : ret;
}

static inline int by_call(long number, int epfd, struct epoll_event* events, int maxevents,
                          int timeout_ms, const sigset_t* sigmask) {
  int ret = xpoll_wait_call(number, epfd, events, maxevents, timeout_ms, sigmask);

  return ret < 0 ? call_failed(ret, epfd, events, maxevents, timeout_ms, sigmask) : ret;
}

static XPOLL_ASIDE int by_call_aside(long number, int epfd, struct epoll_event* events,
                                     int maxevents, int timeout_ms, const sigset_t* sigmask) {
  return by_call(number, epfd, events, maxevents, timeout_ms, sigmask);
}

static inline int either(long number, int epfd, struct epoll_event* events, int maxevents,
                         int timeout_ms, const sigset_t* sigmask) {
  if (!xpoll_hint(&xpoll_calls_hint)) return by_ioctl(epfd, events, maxevents, timeout_ms, sigmask);
  if (xpoll_cancel_is_possible())
    return by_call_aside(number, epfd, events, maxevents, timeout_ms, sigmask);
  return by_call(number, epfd, events, maxevents, timeout_ms, sigmask);
}

int xpoll_pwait(int epfd, struct epoll_event* events, int maxevents, int timeout_ms,
                const sigset_t* sigmask) {
  return either(SYS_epoll_pwait, epfd, events, maxevents, timeout_ms, sigmask);
}

int xpoll_wait(int epfd, struct epoll_event* events, int maxevents, int timeout_ms) {
  return either(SYS_epoll_wait, epfd, events, maxevents, timeout_ms, NULL);
}
