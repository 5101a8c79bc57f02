/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XPOLL_WAIT_H
#define XPOLL_WAIT_H

#include <linux/compiler_types.h>

struct epoll_event;
struct eventpoll;
struct timespec64;

/* XPOLL_IOC_WAIT on the instance @ep. Return: the number of events or -errno. */
long xp_wait(struct eventpoll *ep, void __user *argp);

/*
 * A wait by a system call of epoll's. @end: when the timeout expires, on the host's monotonic
 * clock; {0, 0} for no wait, NULL for one without limit. Return: as xp_wait().
 */
int xp_wait_until(struct eventpoll *ep, struct epoll_event __user *uevents, int maxevents,
		  const struct timespec64 *end);

#endif /* XPOLL_WAIT_H */
