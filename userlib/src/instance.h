/* SPDX-License-Identifier: MIT */
/*
 * The two ways to call an instance: epoll's own system calls, which an instance takes where the
 * module could hook them and a native one always does, and the ioctls. A call tries one way, and
 * the other if the answer may mean that the descriptor does not know the first.
 */
#ifndef XPOLL_INSTANCE_H
#define XPOLL_INSTANCE_H

#include <linux/xpoll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/epoll.h>

#include "cancel.h"
#include "hints.h"
#include "system_call.h"

/*
 * Whether a call that failed (ret: -errno) may have met a descriptor of another kind, or a sandbox
 * that denies ioctl(2), and is to be made again as the native one. What other files answer to an
 * unknown ioctl is up to their drivers: ENOTTY from most, but also EINVAL, EOPNOTSUPP, EBADFD,
 * EPERM, ENOSYS and more. So it is what an instance alone answers that is left out.
 *
 * An instance's other errors say that the arguments are wrong. The native call makes the same
 * checks in the same order before it asks what epfd is, so it fails with the same errno. All that
 * an instance checks later is EINVAL, which is what the native call then says of epfd.
 */
static inline bool xpoll_ctl_is_foreign(int ret) {
  switch (ret) {
    case -EEXIST:
    case -ELOOP:
    case -ENOENT:
    case -ENOMEM:
    case -ENOSPC:
      return false;
    default:
      return ret < 0;
  }
}

/* Asks the kernel. */
bool xpoll_is_instance(int fd);

/*
 * EFAULT is an instance's answer too, where an event can't be stored, but also that of drivers that
 * read more than our argument before they look at the command.
 */
static inline bool xpoll_wait_is_foreign(int epfd, int ret) {
  if (ret >= 0 || ret == -EINTR) return false;
  return ret != -EFAULT || !xpoll_is_instance(epfd);
}

/*
 * Whether a wait by epoll's own call that failed may have met an instance that does not take it, or
 * a sandbox that does not know it. The others answer alike by both ways; after EFAULT a wait by the
 * other way could sleep, since another thread may have taken the event.
 */
static inline bool xpoll_wait_call_is_foreign(int ret) {
  return ret != -EINTR && ret != -EFAULT && ret != -EBADF;
}

static inline struct xpoll_wait xpoll_wait_of(struct epoll_event* events, int maxevents,
                                              int64_t timeout_ns, uint32_t flags,
                                              const sigset_t* sigmask) {
  return (struct xpoll_wait){
      .events = (uintptr_t)events,
      .timeout_ns = timeout_ns,
      .sigmask = (uintptr_t)sigmask,
      .maxevents = maxevents,
      .flags = flags,
      .sigsetsize = _NSIG / 8, /* the kernel's set, not the larger sigset_t */
  };
}

/* Out of line: a call that succeeds by one way does not pay for the registers of the other. */
#define XPOLL_ASIDE __attribute__((noinline))

long xpoll_system_call_cancellably(long number, long a, long b, long c, long d, long e, long f);

/* A cancellation point. */
static inline int xpoll_wait_ioctl(int epfd, struct xpoll_wait* arg) {
  return xpoll_cancel_is_possible()
             ? (int)xpoll_system_call_cancellably(SYS_ioctl, epfd, (long)XPOLL_IOC_WAIT,
                                                  (intptr_t)arg, 0, 0, 0)
             : xpoll_ioctl(epfd, XPOLL_IOC_WAIT, arg);
}

/* A cancellation point. */
static inline int xpoll_enter_cancellably(int epfd, struct xpoll_enter* enter) {
  return (int)xpoll_system_call_cancellably(SYS_ioctl, epfd, (long)XPOLL_IOC_ENTER, (intptr_t)enter,
                                            0, 0, 0);
}

/* The same with XPOLL_ENTER_RING. A thread that is cancelled passes its wake-up on. */
int xpoll_enter_ring(int epfd, struct xpoll_enter* enter);

/*
 * One of epoll's waits, by number; timeout is in milliseconds or the address of a timespec. A
 * cancellation point.
 */
static inline int xpoll_wait_call(long number, long epfd, struct epoll_event* events,
                                  long maxevents, intptr_t timeout, const sigset_t* sigmask) {
  const long size = _NSIG / 8;

  return (int)(xpoll_cancel_is_possible()
                   ? xpoll_system_call_cancellably(number, epfd, (intptr_t)events, maxevents,
                                                   timeout, (intptr_t)sigmask, size)
                   : xpoll_system_call(number, epfd, (intptr_t)events, maxevents, timeout,
                                       (intptr_t)sigmask, size));
}

/*
 * What a wait by epoll's call returns, or sets errno to, that failed with ret: with arg it is made
 * again by ioctl, if need be.
 */
int xpoll_wait_call_failed(int ret, int epfd, struct xpoll_wait* arg);

/* epoll_ctl(2). */
static inline int xpoll_ctl_call(long epfd, long op, long fd, struct epoll_event* event) {
  return (int)xpoll_system_call(SYS_epoll_ctl, epfd, op, fd, (intptr_t)event, 0, 0);
}

#endif /* XPOLL_INSTANCE_H */
