/* SPDX-License-Identifier: MIT */
#include <xpoll/xpoll.h>

#include "instance.h"
#include "timeout.h"

static struct xpoll_wait wait_of(struct epoll_event* events, int maxevents, int timeout_ms,
                                 const sigset_t* sigmask) {
  return xpoll_wait_of(events, maxevents, xpoll_ns_from_ms(timeout_ms), 0, sigmask);
}

/* Takes the kernel's arguments, so that a call that succeeds need not keep ours as well. */
static XPOLL_ASIDE int call_failed(int ret, long epfd, struct epoll_event* events, long maxevents,
                                   long timeout_ms, const sigset_t* sigmask) {
  struct xpoll_wait arg = wait_of(events, (int)maxevents, (int)timeout_ms, sigmask);

  return xpoll_wait_call_failed(ret, (int)epfd, &arg);
}

/* By arg, so that a call that succeeds need not keep its arguments in registers. */
static XPOLL_ASIDE int ioctl_failed(int ret, int epfd, const struct xpoll_wait* arg) {
  if (xpoll_wait_is_foreign(epfd, ret))
    ret = xpoll_wait_call(SYS_epoll_pwait, epfd, (struct epoll_event*)(uintptr_t)arg->events,
                          arg->maxevents, xpoll_ms_from_ns(arg->timeout_ns),
                          (const sigset_t*)(uintptr_t)arg->sigmask);
  return xpoll_with_errno(ret);
}

static inline int by_ioctl(int epfd, struct epoll_event* events, int maxevents, int timeout_ms,
                           const sigset_t* sigmask) {
  struct xpoll_wait arg = wait_of(events, maxevents, timeout_ms, sigmask);
  int ret = xpoll_wait_ioctl(epfd, &arg);

  return ret < 0 ? ioctl_failed(ret, epfd, &arg) : ret;
}

static inline int by_call(long number, long epfd, struct epoll_event* events, long maxevents,
                          long timeout_ms, const sigset_t* sigmask) {
  int ret = xpoll_wait_call(number, epfd, events, maxevents, timeout_ms, sigmask);

  return ret < 0 ? call_failed(ret, epfd, events, maxevents, timeout_ms, sigmask) : ret;
}

/* With other threads, each way calls functions, for which it has to save registers. */
static XPOLL_ASIDE int by_ioctl_aside(int epfd, struct epoll_event* events, int maxevents,
                                      int timeout_ms, const sigset_t* sigmask) {
  return by_ioctl(epfd, events, maxevents, timeout_ms, sigmask);
}

static XPOLL_ASIDE int by_call_aside(long number, int epfd, struct epoll_event* events,
                                     int maxevents, int timeout_ms, const sigset_t* sigmask) {
  return by_call(number, epfd, events, maxevents, timeout_ms, sigmask);
}

static XPOLL_ASIDE int either_ioctl(int epfd, struct epoll_event* events, int maxevents,
                                    int timeout_ms, const sigset_t* sigmask) {
  if (xpoll_cancel_is_possible())
    return by_ioctl_aside(epfd, events, maxevents, timeout_ms, sigmask);
  return by_ioctl(epfd, events, maxevents, timeout_ms, sigmask);
}

static inline int either(long number, int epfd, struct epoll_event* events, int maxevents,
                         int timeout_ms, const sigset_t* sigmask) {
  if (!xpoll_hint(&xpoll_calls_hint))
    return either_ioctl(epfd, events, maxevents, timeout_ms, sigmask);
  if (xpoll_cancel_is_possible())
    return by_call_aside(number, epfd, events, maxevents, timeout_ms, sigmask);
  return by_call(number, epfd, events, maxevents, timeout_ms, sigmask);
}

int xpoll_pwait(int epfd, struct epoll_event* events, int maxevents, int timeout_ms,
                const sigset_t* sigmask) {
  return either(SYS_epoll_pwait, epfd, events, maxevents, timeout_ms, sigmask);
}

/* Newer architectures have epoll_pwait(2) only. */
#ifdef SYS_epoll_wait
#define WAIT_NUMBER SYS_epoll_wait
#else
#define WAIT_NUMBER SYS_epoll_pwait
#endif

int xpoll_wait(int epfd, struct epoll_event* events, int maxevents, int timeout_ms) {
  return either(WAIT_NUMBER, epfd, events, maxevents, timeout_ms, NULL);
}
