/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XPOLL_WAIT_H
#define XPOLL_WAIT_H

#include <linux/bits.h>
#include <linux/compiler_types.h>
#include <linux/types.h>

struct ep_extended;
struct epoll_event;
struct eventpoll;

/* Bits of the flags for the caller's number in the table of workers, or 0. */
#define XP_WAIT_WORKER GENMASK(15, 8)

/* XPOLL_IOC_WAIT on the instance @ep. Return: the number of events or -errno. */
long xp_wait(struct eventpoll *ep, void __user *argp);

/*
 * As xp_wait(), without a tracer's noticing. The arguments have been checked. @flags:
 * XPOLL_WAIT_ABSTIME or 0, XP_WAIT_HOST_TIME in deadline.h, and a number in XP_WAIT_WORKER.
 * @maxevents: may be 0 on an instance with a ready ring, whose events stay there then.
 */
long xp_wait_untraced(struct eventpoll *ep, struct epoll_event __user *uevents, int maxevents,
		      s64 timeout_ns, u32 flags);

/* The same, of extended events; not on an instance with a ready ring. */
long xp_wait_extended(struct eventpoll *ep, const struct ep_extended *extended, int maxevents,
		      s64 timeout_ns, u32 flags);

#endif /* XPOLL_WAIT_H */
