/* SPDX-License-Identifier: MIT */
/*
 * libxpoll: epoll's calls over /dev/xpoll.
 *
 * Every function takes and returns what its namesake in <sys/epoll.h> does,
 * and sets errno as that does. xpoll_create1() makes an instance of xpoll;
 * the others accept any descriptor: on one that is not an xpoll instance they
 * are the native call. So errno for foreign descriptors is the kernel's own,
 * and a program runs on native epoll by nothing more than
 *
 *	int epfd = xpoll_create1(EPOLL_CLOEXEC);
 *	if (epfd < 0)
 *		epfd = epoll_create1(EPOLL_CLOEXEC);
 *
 * All functions may be called from any number of threads at once. xpoll_ctl()
 * and the waiting functions keep no state and take no lock in user space, so
 * they are safe in signal handlers too. The waiting functions are cancellation
 * points only where noted.
 */
#ifndef XPOLL_XPOLL_H
#define XPOLL_XPOLL_H

#include <signal.h>
#include <sys/epoll.h>
#include <time.h>

#ifdef __cplusplus
extern "C" {
#endif

/* see epoll_create1(2) */
int xpoll_create1(int flags);
int xpoll_ctl(int epfd, int op, int fd, struct epoll_event *event);
int xpoll_wait(int epfd, struct epoll_event *events, int maxevents, int timeout_ms);
int xpoll_pwait(int epfd, struct epoll_event *events, int maxevents, int timeout_ms,
		const sigset_t *sigmask);
int xpoll_pwait2(int epfd, struct epoll_event *events, int maxevents,
		 const struct timespec *timeout, const sigset_t *sigmask);

#ifdef __cplusplus
}
#endif

#endif /* XPOLL_XPOLL_H */
