/* SPDX-License-Identifier: MIT */
/*
 * What every call on an instance needs: the ioctl, and whether to make the native call instead.
 */
#ifndef XPOLL_INSTANCE_H
#define XPOLL_INSTANCE_H

#include <errno.h>
#include <linux/xpoll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/epoll.h>

#include "cancel.h"
#include "ioctl.h"

/*
 * Whether a call that failed (ret: -errno) may have met a descriptor of another kind, and
 * is to be made again as the native one:
 *
 * ENOTTY  from most kinds
 * EINVAL  from native epoll since it has ioctls of its own (6.9), and some others
 * EBADF   not open at all; what to report first is for the native call to say
 *
 * The last two may as well be an xpoll instance's answer about the arguments. Then
 * the native call repeats it: it makes the same checks in the same order before
 * it asks what epfd is, and that again is EINVAL.
 */
static inline bool xpoll_is_foreign(int ret) {
  return ret == -ENOTTY || ret == -EINVAL || ret == -EBADF;
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

/* Out of line: a call that succeeds does not pay for the registers that other ways need. */
#define XPOLL_ASIDE __attribute__((noinline))

int xpoll_wait_cancellably(int epfd, struct xpoll_wait* arg);

/* A cancellation point. */
static inline int xpoll_wait_ioctl(int epfd, struct xpoll_wait* arg) {
  return xpoll_cancel_is_possible() ? xpoll_wait_cancellably(epfd, arg)
                                    : xpoll_ioctl(epfd, XPOLL_IOC_WAIT, arg);
}

#endif /* XPOLL_INSTANCE_H */
