/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A scan: one task has the ready list to itself and looks at its items in peace,
 * without the ready lock, while the callback queues what comes meanwhile on the
 * overflow list. The instance's mutex is held throughout.
 */
#ifndef XPOLL_SCAN_H
#define XPOLL_SCAN_H

#include "callback.h"
#include "epitem.h"
#include "lastref.h"
#include "wakesource.h"

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

/* Return: whether there is anything to scan; if not, no scan runs. */
static inline bool xp_scan_begin(struct eventpoll *ep)
{
	bool ready;

	lockdep_assert_held(&ep->mtx);
	spin_lock_irq(&ep->wq.lock);
	ready = !list_empty(&ep->rdllist);
	if (ready) {
		WRITE_ONCE(ep->scan_seq, ep->scan_seq + 1);
		smp_wmb(); /* see xp_ready() */
	}
	spin_unlock_irq(&ep->wq.lock);
	return ready;
}

/*
 * What came while a scan ran goes to the front of the list, unless it is on it still.
 * Under the ready lock.
 */
void xp_merge_overflow(struct eventpoll *ep);

/* ->poll() of an instance, @depth links from the one that the user called. */
__poll_t xp_scan_poll(struct file *file, poll_table *pt, int depth);

/*
 * The list afterwards: what the scan did not get to (@rest and what follows, the list
 * itself if nothing), then what came while it ran, oldest first, then what it kept.
 */
static inline void xp_scan_end(struct eventpoll *ep, struct list_head *rest)
{
	spin_lock_irq(&ep->wq.lock);
	if (unlikely(ep->ovflist))
		xp_merge_overflow(ep);
	/* the list is a ring: only where it begins is to be moved */
	if (rest != &ep->rdllist)
		list_rotate_to_front(rest, &ep->rdllist);
	/* pairs with xp_ready(): the list is whole before seq is even */
	smp_store_release(&ep->scan_seq, ep->scan_seq + 1);
	xp_wakesource_scan_end(ep);

	if (!list_empty(&ep->rdllist))
		xp_wake_waiter(ep, false);
	spin_unlock_irq(&ep->wq.lock);

	/* not before: until here an item may be on the overflow list */
	if (unlikely(ep->closed))
		xp_lastref_give(ep);
}

#endif /* XPOLL_SCAN_H */
