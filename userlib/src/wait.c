/* SPDX-License-Identifier: MIT */
#include <xpoll/xpoll.h>

#include "instance.h"
#include "native.h"
#include "timeout.h"

int xpoll_pwait(int epfd, struct epoll_event* events, int maxevents, int timeout_ms,
                const sigset_t* sigmask) {
  int errno_before = errno;
  int ret = xpoll_wait_ioctl(epfd, events, maxevents, xpoll_ns_from_ms(timeout_ms), 0, sigmask);

  return xpoll_is_foreign(ret, errno_before)
             ? xpoll_native_pwait(epfd, events, maxevents, timeout_ms, sigmask)
             : ret;
}

int xpoll_wait(int epfd, struct epoll_event* events, int maxevents, int timeout_ms) {
  return xpoll_pwait(epfd, events, maxevents, timeout_ms, NULL);
}
