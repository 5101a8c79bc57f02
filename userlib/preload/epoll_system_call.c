/* SPDX-License-Identifier: MIT */
/*
 * The waits here are no cancellation points, as the C library's syscall() is none.
 */
#include <stdint.h>
#include <sys/syscall.h>

#include "../src/instance.h"
#include "../src/timeout.h"
#include "create.h"
#include "system_call.h"

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
    case SYS_epoll_wait:
      return wait_on_instance(a, b, c, xpoll_ns_from_ms((int)d), 0, 0, 0);
    case SYS_epoll_pwait:
      return wait_on_instance(a, b, c, xpoll_ns_from_ms((int)d), 0, e, f);
    default: /* SYS_epoll_pwait2 */
      return wait_on_instance(a, b, c, d, XPOLL_WAIT_TIMESPEC, e, f);
  }
}

static long call_on_instance(long number, long a, long b, long c, long d, long e, long f) {
  int ret = (int)call_instance(number, a, b, c, d, e, f);
  bool foreign =
      number == SYS_epoll_ctl ? xpoll_ctl_is_foreign(ret) : xpoll_wait_is_foreign((int)a, ret);

  return with_errno(foreign ? system_call(number, a, b, c, d, e, f) : ret);
}

/* What syscall() does for epoll's numbers; called from syscall.S. */
long epoll_system_call(long number, long a, long b, long c, long d, long e, long f) {
  switch (number) {
    case SYS_epoll_create:
      return preload_create((int)a);
    case SYS_epoll_create1:
      return preload_create1((int)a);
    default:
      return call_on_instance(number, a, b, c, d, e, f);
  }
}
