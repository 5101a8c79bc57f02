/* SPDX-License-Identifier: MIT */
#include <xpoll/xpoll.h>

#include "instance.h"
#include "timeout.h"

int xpoll_pwait2(int epfd, struct epoll_event* events, int maxevents,
                 const struct timespec* timeout, const sigset_t* sigmask) {
  int64_t timeout_ns = XPOLL_NO_LIMIT;
  int ret;

  if (timeout) {
    if (!xpoll_timespec_valid(timeout->tv_sec, timeout->tv_nsec)) {
      errno = EINVAL;
      return -1;
    }
    timeout_ns = xpoll_ns_from_timespec(timeout->tv_sec, timeout->tv_nsec);
  }
  ret = xpoll_wait_ioctl(epfd, events, maxevents, timeout_ns, 0, sigmask);
  return xpoll_is_foreign(ret) ? epoll_pwait2(epfd, events, maxevents, timeout, sigmask) : ret;
}
