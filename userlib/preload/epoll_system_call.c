/* SPDX-License-Identifier: MIT */
/*
 * The waits here are no cancellation points, as the C library's syscall() is none.
 */
#include <stdint.h>
#include <sys/syscall.h>

#include "../src/instance.h"
#include "../src/timeout.h"
#include "create.h"

long epoll_system_call(long number, long a, long b, long c, long d, long e, long f);

/* The kernel takes a size of 64 bits, the ABI one of 32: what does not fit is as wrong as 0. */
static uint32_t abi_sigsetsize(long size) { return size == (uint32_t)size ? (uint32_t)size : 0; }

static long wait_on_instance(long epfd, long events, long maxevents, int64_t timeout_ns,
                             uint32_t flags, long sigmask, long sigsetsize) {
  struct xpoll_wait arg = {
      .events = (uint64_t)events,
      .timeout_ns = timeout_ns,
      .sigmask = (uint64_t)sigmask,
      .maxevents = (int)maxevents,
      .flags = flags,
      .sigsetsize = abi_sigsetsize(sigsetsize),
  };

  return xpoll_ioctl((int)epfd, XPOLL_IOC_WAIT, &arg);
}

static long call_instance(long number, long a, long b, long c, long d, long e, long f) {
  struct xpoll_ctl ctl;

  switch (number) {
    case SYS_epoll_ctl:
      ctl = (struct xpoll_ctl){.op = (int)b, .fd = (int)c, .event = (uint64_t)d};
      return xpoll_ioctl((int)a, XPOLL_IOC_CTL, &ctl);
#ifdef SYS_epoll_wait
    case SYS_epoll_wait:
      return wait_on_instance(a, b, c, xpoll_ns_from_ms((int)d), 0, 0, 0);
#endif
    case SYS_epoll_pwait:
      return wait_on_instance(a, b, c, xpoll_ns_from_ms((int)d), 0, e, f);
    default: /* SYS_epoll_pwait2 */
      return wait_on_instance(a, b, c, d, XPOLL_WAIT_TIMESPEC, e, f);
  }
}

static bool is_foreign(long number, int epfd, int ret) {
  return number == SYS_epoll_ctl ? xpoll_ctl_is_foreign(ret) : xpoll_wait_is_foreign(epfd, ret);
}

static bool call_is_foreign(long number, int ret) {
  return number == SYS_epoll_ctl ? xpoll_ctl_is_foreign(ret) : xpoll_wait_call_is_foreign(ret);
}

/* The two ways of instance.h: by ioctl first. */
static long by_ioctl(long number, long a, long b, long c, long d, long e, long f) {
  int ret = (int)call_instance(number, a, b, c, d, e, f);

  return is_foreign(number, (int)a, ret) ? xpoll_system_call(number, a, b, c, d, e, f) : ret;
}

/* By epoll's own call first. */
static long by_call(long number, long a, long b, long c, long d, long e, long f) {
  long ret = xpoll_system_call(number, a, b, c, d, e, f);
  int other;

  if (ret >= 0 || !call_is_foreign(number, (int)ret)) return ret;
  other = (int)call_instance(number, a, b, c, d, e, f);
  if (is_foreign(number, (int)a, other)) return ret;
  xpoll_set_hint(&xpoll_calls_hint, false);
  return other;
}

static long call_on_instance(long number, long a, long b, long c, long d, long e, long f) {
  return xpoll_with_errno(xpoll_hint(&xpoll_calls_hint) ? by_call(number, a, b, c, d, e, f)
                                                        : by_ioctl(number, a, b, c, d, e, f));
}

/* What syscall() does for epoll's numbers; called from syscall.S. */
long epoll_system_call(long number, long a, long b, long c, long d, long e, long f) {
  switch (number) {
#ifdef SYS_epoll_create
    case SYS_epoll_create:
      return preload_create((int)a);
#endif
    case SYS_epoll_create1:
      return preload_create1((int)a);
    default:
      return call_on_instance(number, a, b, c, d, e, f);
  }
}
