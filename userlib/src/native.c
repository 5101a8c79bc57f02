/* SPDX-License-Identifier: MIT */
#include "native.h"

int xpoll_native_ctl(int epfd, int op, int fd, struct epoll_event* event) {
  return epoll_ctl(epfd, op, fd, event);
}

int xpoll_native_pwait(int epfd, struct epoll_event* events, int maxevents, int timeout_ms,
                       const sigset_t* sigmask) {
  return epoll_pwait(epfd, events, maxevents, timeout_ms, sigmask);
}

int xpoll_native_pwait2(int epfd, struct epoll_event* events, int maxevents,
                        const struct timespec* timeout, const sigset_t* sigmask) {
  return epoll_pwait2(epfd, events, maxevents, timeout, sigmask);
}
