/* SPDX-License-Identifier: MIT */
#include <xpoll/wake.h>
#include <xpoll/xpoll.h>

#include "instance.h"
#include "timeout.h"

static int64_t monotonic_now(void) {
  struct timespec now;

  clock_gettime(CLOCK_MONOTONIC, &now);
  return xpoll_ns_from_timespec(now.tv_sec, now.tv_nsec);
}

/* By epoll's own call, which has neither an absolute timeout nor a worker's number. */
static int call(int epfd, const struct xpoll_wait* arg) {
  struct epoll_event* events = (struct epoll_event*)(uintptr_t)arg->events;
  const sigset_t* sigmask = (const sigset_t*)(uintptr_t)arg->sigmask;
  int64_t timeout_ns = arg->timeout_ns;
  struct timespec timeout;

  if (timeout_ns < 0)
    return xpoll_wait_call(SYS_epoll_pwait, epfd, events, arg->maxevents, -1, sigmask);
  if (arg->flags & XPOLL_WAIT_ABSTIME) timeout_ns = xpoll_ns_remaining(timeout_ns, monotonic_now());
  timeout = xpoll_timespec_from_ns(timeout_ns);
  return xpoll_wait_call(SYS_epoll_pwait2, epfd, events, arg->maxevents, (intptr_t)&timeout,
                         sigmask);
}

static bool needs_ioctl(const struct xpoll_wait* arg) {
  return arg->worker || (arg->flags && arg->timeout_ns >= 0);
}

int xpoll_pwait_worker(int epfd, struct epoll_event* events, int maxevents, int64_t timeout_ns,
                       unsigned int flags, const sigset_t* sigmask, uint32_t worker) {
  struct xpoll_wait arg = xpoll_wait_of(events, maxevents, timeout_ns, flags, sigmask);
  int ret;

  /* The native call has neither flags nor workers and could not refuse them. */
  if (flags & ~XPOLL_WAIT_ABSTIME || worker > XPOLL_WORKERS_MAX) {
    errno = EINVAL;
    return -1;
  }
  arg.worker = worker;
  if (xpoll_hint(&xpoll_calls_hint) && !needs_ioctl(&arg)) {
    ret = call(epfd, &arg);
    return ret < 0 ? xpoll_wait_call_failed(ret, epfd, &arg) : ret;
  }
  ret = xpoll_wait_ioctl(epfd, &arg);
  return xpoll_with_errno(xpoll_wait_is_foreign(epfd, ret) ? call(epfd, &arg) : ret);
}

int xpoll_pwait_ns(int epfd, struct epoll_event* events, int maxevents, int64_t timeout_ns,
                   unsigned int flags, const sigset_t* sigmask) {
  return xpoll_pwait_worker(epfd, events, maxevents, timeout_ns, flags, sigmask, 0);
}
