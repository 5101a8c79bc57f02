/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A scan: one task has the ready list to itself and looks at its items in peace,
 * without the ready lock, while the callback queues what comes meanwhile on the
 * overflow list. The instance's mutex is held throughout.
 */
#ifndef XPOLL_SCAN_H
#define XPOLL_SCAN_H

#include "epitem.h"

/* Does a scan run? Under the ready lock. */
static inline bool xp_scan_running(const struct eventpoll *ep)
{
	return ep->scan_seq & 1;
}

/* Is anything ready, or about to be put back by a scan? Under the ready lock. */
static inline bool xp_ready_locked(const struct eventpoll *ep)
{
	lockdep_assert_held(&ep->wq.lock);
	return !list_empty(&ep->rdllist) || xp_scan_running(ep);
}

/*
 * Is anything ready? Without a lock, yet a "no" was true at one instant: it is
 * said only if no scan ran, or began, while we looked: what becomes ready during
 * a scan is not on the list yet.
 */
static inline bool xp_ready(const struct eventpoll *ep)
{
	/* pairs with the release in xp_scan_end(): a scan that is over left its items */
	unsigned int seq = smp_load_acquire(&ep->scan_seq);

	if ((seq & 1) || !list_empty(&ep->rdllist))
		return true;
	/* pairs with the barrier in xp_scan_begin(): the list is changed after seq is odd */
	smp_rmb();
	return READ_ONCE(ep->scan_seq) != seq;
}

/*
 * Store up to @maxevents events. Return: how many, or -EFAULT, or -EINTR if the
 * task is being killed.
 */
int xp_scan_deliver(struct eventpoll *ep, struct epoll_event __user *uevents, int maxevents);

/* ->poll() of an instance, @depth links from the one that the user called. */
__poll_t xp_scan_poll(struct file *file, poll_table *pt, int depth);

#endif /* XPOLL_SCAN_H */
