/* SPDX-License-Identifier: MIT */
/*
 * The calls of <sys/epoll.h>, in front of the C library's.
 */
#include <sys/epoll.h>
#include <xpoll/xpoll.h>

#include "create.h"

int epoll_create(int size) { return preload_create(size); }

int epoll_create1(int flags) { return preload_create1(flags); }

int epoll_ctl(int epfd, int op, int fd, struct epoll_event* event) {
  return xpoll_ctl(epfd, op, fd, event);
}

int epoll_wait(int epfd, struct epoll_event* events, int maxevents, int timeout) {
  return xpoll_wait(epfd, events, maxevents, timeout);
}

int epoll_pwait(int epfd, struct epoll_event* events, int maxevents, int timeout,
                const sigset_t* sigmask) {
  return xpoll_pwait(epfd, events, maxevents, timeout, sigmask);
}

int epoll_pwait2(int epfd, struct epoll_event* events, int maxevents,
                 const struct timespec* timeout, const sigset_t* sigmask) {
  return xpoll_pwait2(epfd, events, maxevents, timeout, sigmask);
}
