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
