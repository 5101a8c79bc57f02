/* SPDX-License-Identifier: MIT */
/*
 * Native epoll's calls, as <sys/epoll.h> describes them. libxpoll links those of the C library
 * (native.c); the preload library, which stands in front of these, its own (preload/native.c).
 */
#ifndef XPOLL_NATIVE_H
#define XPOLL_NATIVE_H

#include <signal.h>
#include <sys/epoll.h>
#include <time.h>

int xpoll_native_ctl(int epfd, int op, int fd, struct epoll_event* event);

/* Cancellation points. */
int xpoll_native_pwait(int epfd, struct epoll_event* events, int maxevents, int timeout_ms,
                       const sigset_t* sigmask);
int xpoll_native_pwait2(int epfd, struct epoll_event* events, int maxevents,
                        const struct timespec* timeout, const sigset_t* sigmask);

#endif /* XPOLL_NATIVE_H */
