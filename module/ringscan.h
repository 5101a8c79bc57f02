/* SPDX-License-Identifier: GPL-2.0-only */
/* What a task does that looks for events of an instance with a ready ring. */
#ifndef XPOLL_RINGSCAN_H
#define XPOLL_RINGSCAN_H

#include <linux/poll.h>

#include "eventpoll.h"

/*
 * As xp_scan_deliver(), for an instance with a ring: ask the items that have to be asked, then take
 * events from the ring. With @maxevents 0 leave them there. Return: the number of events, or of
 * entries in the ring; -EFAULT; or -EINTR if the task is being killed.
 */
long xp_ring_deliver(struct eventpoll *ep, struct epoll_event __user *uevents, int maxevents);

/* The same, as xp_scan_deliver_several(). */
long xp_ring_deliver_several(struct eventpoll *ep, struct epoll_event __user *uevents,
			     int maxevents, unsigned int minimum, unsigned int *enough);

/* As xp_scan_poll(). */
__poll_t xp_ring_poll(struct file *file, poll_table *pt, int depth);

#endif /* XPOLL_RINGSCAN_H */
