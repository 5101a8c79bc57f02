/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A scan: one task has the ready list to itself and polls the items on it without
 * wq.lock, while the callback puts items that become ready on the overflow list. The
 * task holds the instance's mutex throughout.
 */
#ifndef XPOLL_SCAN_H
#define XPOLL_SCAN_H

#include <linux/poll.h>

#include "eventpoll.h"

struct ep_extended;

/* Whether an item is ready, or a scan may be about to put one back. */
static inline bool xp_ready_locked(const struct eventpoll *ep)
{
	lockdep_assert_held(&ep->wq.lock);
	return !list_empty(&ep->rdllist) || xp_scan_running(ep);
}

/*
 * Whether an item is ready, without a lock. False means that none was at one instant.
 * During a scan, ready items may be missing from the ready list, so this returns true
 * if a scan runs or begins meanwhile.
 */
static inline bool xp_ready(const struct eventpoll *ep)
{
	/* pairs with the release in xp_scan_leave(): a scan that has ended left its items */
	unsigned int seq = smp_load_acquire(&ep->scan_seq);

	if ((seq & 1) || !list_empty(&ep->rdllist))
		return true;
	/* pairs with the barrier in xp_scan_begin(): scan_seq is odd before the list changes */
	smp_rmb();
	return READ_ONCE(ep->scan_seq) != seq;
}

/*
 * Store up to @maxevents events of ready items. @uevents has room for @maxevents and has
 * passed access_ok().
 *
 * Return: the number of events; 0 if no item was ready; -EFAULT; or -EINTR if the task is
 * being killed.
 */
long xp_scan_deliver(struct eventpoll *ep, struct epoll_event __user *uevents, int maxevents);

/* The same, of extended events, if xp_ready(). */
long xp_scan_deliver_extended(struct eventpoll *ep, const struct ep_extended *extended,
			      int maxevents);

/*
 * As xp_scan_deliver(), or with @extended as xp_scan_deliver_extended(), if @minimum items are
 * ready, which is greater than 1. Otherwise 0: as long as ep->arrivals has not reached @enough,
 * fewer than @minimum items are on the ready list.
 */
long xp_scan_deliver_several(struct eventpoll *ep, struct epoll_event __user *uevents,
			     const struct ep_extended *extended, int maxevents,
			     unsigned int minimum, unsigned int *enough);

/*
 * Added to a depth: a fatal signal ends the wait for the mutex of each instance on the way down, up
 * to and including the first one with a ready ring; not the waits below that one. If a signal ended
 * a wait, the result is EPOLLIN | EPOLLRDNORM, so that no item leaves a ready list, and the caller
 * must not use it.
 */
#define XP_POLL_KILLABLE 0x100

/* ->poll() of an instance, @depth links below the one that the user called. */
__poll_t xp_scan_poll(struct file *file, poll_table *pt, int depth);

/* Take the mutex of @ep for its ->poll(). Return: whether the caller has it. */
static inline bool xp_poll_lock(struct eventpoll *ep, int depth)
{
	if (unlikely(depth & XP_POLL_KILLABLE))
		return !mutex_lock_killable_nested(&ep->mtx, depth & ~XP_POLL_KILLABLE);
	mutex_lock_nested(&ep->mtx, depth);
	return true;
}

#endif /* XPOLL_SCAN_H */
