/* SPDX-License-Identifier: MIT */
#include <xpoll/wake.h>
#include <xpoll/xpoll.h>

#include "instance.h"
#include "native.h"
#include "timeout.h"

static int64_t monotonic_now(void) {
  struct timespec now;

  clock_gettime(CLOCK_MONOTONIC, &now);
  return xpoll_ns_from_timespec(now.tv_sec, now.tv_nsec);
}

static int native_pwait_ns(int epfd, struct epoll_event* events, int maxevents, int64_t timeout_ns,
                           unsigned int flags, const sigset_t* sigmask) {
  struct timespec timeout;

  if (timeout_ns < 0) return xpoll_native_pwait2(epfd, events, maxevents, NULL, sigmask);
  if (flags & XPOLL_WAIT_ABSTIME) timeout_ns = xpoll_ns_remaining(timeout_ns, monotonic_now());
  timeout = xpoll_timespec_from_ns(timeout_ns);
  return xpoll_native_pwait2(epfd, events, maxevents, &timeout, sigmask);
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
  ret = xpoll_wait_ioctl(epfd, &arg);
  if (!xpoll_wait_is_foreign(epfd, ret)) return xpoll_with_errno(ret);
  return native_pwait_ns(epfd, events, maxevents, timeout_ns, flags, sigmask);
}

int xpoll_pwait_ns(int epfd, struct epoll_event* events, int maxevents, int64_t timeout_ns,
                   unsigned int flags, const sigset_t* sigmask) {
  return xpoll_pwait_worker(epfd, events, maxevents, timeout_ns, flags, sigmask, 0);
}
