// SPDX-License-Identifier: GPL-2.0-only
/*
 * A scan from beginning to end: take the ready list, poll the items on it, put back
 * what stays ready. A wait stores the events of the items (xp_scan_deliver()); poll(2),
 * or an instance that watches this one, asks whether any item is ready (xp_scan_poll()).
 *
 * Savings on the hot path, in guest instructions on 6.1 (make bench):
 * - xp_scan_begin(), xp_scan_end() and xp_deliver() are inline in all scans: 35 for each wait
 * - xp_epitem_poll() is, too: 8 for each event
 * - xp_put_event() opens user access once: 16 for each event against two __put_user(),
 *   7 against user_write_access_begin()
 * - xp_deliver() walks the list by hand: 4 for each event against
 *   list_for_each_entry_safe(), and 3 against a walk by entries of the list instead of items
 * - the second scan of xp_scan_deliver() has code of its own: 4 for each wait against a loop
 */
#include <linux/file.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/uaccess.h>

#include "callback.h"
#include "compat.h"
#include "compat_file.h"
#include "ended.h"
#include "epitem.h"
#include "extended.h"
#include "lastref.h"
#include "poll.h"
#include "post.h"
#include "rdllist.h"
#include "removed.h"
#include "ring.h"
#include "scan.h"
#include "trace.h"
#include "uevent.h"
#include "wakesource.h"

/* Return: false if the ready list is empty; no scan runs then. */
static __always_inline bool xp_scan_begin(struct eventpoll *ep)
{
	bool ready;

	lockdep_assert_held(&ep->mtx);
	spin_lock_irq(&ep->wq.lock);
	ready = !list_empty(&ep->rdllist);
	if (ready) {
		WRITE_ONCE(ep->scan_seq, ep->scan_seq + 1);
		smp_wmb(); /* pairs with smp_rmb() in xp_ready() */
	}
	spin_unlock_irq(&ep->wq.lock);
	return ready;
}

/* The most items that leave the overflow list under one hold of wq.lock. */
#define XP_MERGED_MAX 64

static struct epitem *xp_overflow_take(struct eventpoll *ep)
{
	struct epitem *first = ep->ovflist;

	lockdep_assert_held(&ep->wq.lock);
	ep->ovflist = NULL;
	return first;
}

/*
 * Move a list from xp_overflow_take() to the ready list: to its front, or if @late to its end. An
 * item that is on the ready list already stays where it is: the next scan polls it anyway.
 *
 * The lock may be let go of, since an item keeps its @next until it has left this list, so the
 * callback does not queue it meanwhile. Nobody else scans, or removes an item: the caller has the
 * mutex.
 */
static void xp_overflow_merge(struct eventpoll *ep, struct epitem *epi, bool late)
	__must_hold(&ep->wq.lock)
{
	unsigned int left = XP_MERGED_MAX;
	struct epitem *next;

	lockdep_assert_held(&ep->mtx);
	lockdep_assert_held(&ep->wq.lock);
	for (; epi; epi = next) {
		if (!left--) {
			spin_unlock_irq(&ep->wq.lock);
			cond_resched();
			spin_lock_irq(&ep->wq.lock);
			left = XP_MERGED_MAX - 1;
		}
		next = epi->next;
		epi->next = EP_UNACTIVE_PTR;
		if (!list_empty(&epi->rdllink))
			continue;
		/* the latest item comes first, so at the front the oldest ends up first */
		if (late)
			xp_rdllist_add_tail(&epi->rdllink, &ep->rdllist);
		else
			list_add(&epi->rdllink, &ep->rdllist);
		ep->arrivals++;
		xp_wakesource_stay_awake(epi);
	}
}

/* The scan ends, and the ready list belongs to the holder of wq.lock. @rest: as xp_scan_end() */
static __always_inline void xp_scan_leave(struct eventpoll *ep, struct list_head *rest)
	__must_hold(&ep->wq.lock)
{
	lockdep_assert_held(&ep->wq.lock);
	/* the list is a ring, so this moves the kept items behind the others */
	if (rest != &ep->rdllist)
		list_rotate_to_front(rest, &ep->rdllist);
	/* pairs with smp_load_acquire() in xp_ready(): the list is whole before scan_seq is even */
	smp_store_release(&ep->scan_seq, ep->scan_seq + 1);
	xp_wakesource_scan_end(ep);

	if (!list_empty(&ep->rdllist))
		xp_wake_waiter(ep, false, NULL, 0);
}

/*
 * As xp_scan_leave(), if there is an overflow list. What became ready while the lock was let go of
 * is put behind all others after the scan has ended, so that it can't become more: an item that
 * becomes ready then goes to the ready list, which is not empty.
 */
static noinline void xp_scan_leave_overflow(struct eventpoll *ep, struct list_head *rest)
	__must_hold(&ep->wq.lock)
{
	struct epitem *late;

	xp_overflow_merge(ep, xp_overflow_take(ep), false);
	late = xp_overflow_take(ep);
	xp_scan_leave(ep, rest);
	if (!late)
		return;
	xp_overflow_merge(ep, late, true);
	xp_wake_waiter(ep, false, NULL, 0);
}

/*
 * Order the ready list: first the items that the scan did not poll (from @rest on; the
 * list itself if none), then those that became ready meanwhile, oldest first, then those
 * that the scan kept.
 */
static __always_inline void xp_scan_end(struct eventpoll *ep, struct list_head *rest)
{
	lockdep_assert_held(&ep->mtx);
	spin_lock_irq(&ep->wq.lock);
	if (unlikely(ep->ovflist))
		xp_scan_leave_overflow(ep, rest);
	else
		xp_scan_leave(ep, rest);
	spin_unlock_irq(&ep->wq.lock);

	/* only now is none of these items on the overflow list */
	if (unlikely(ep->closed))
		xp_lastref_give(ep);
}

/*
 * Poll the file of an item. The caller holds no reference to the file. A file in its
 * final fput is not polled and has no events: its item is about to be removed.
 *
 * The instance's own event, and a record of a watch that has ended, have a file that was never
 * open, so they cost the others nothing.
 * @deliver: the caller delivers the event, so take it
 */
static __always_inline __poll_t xp_epitem_poll(struct epitem *epi, poll_table *pt, int depth,
					       bool deliver)
{
	struct file *file = epi->file;

	if (!xp_file_get_live(file))
		return xp_is_post(epi) ? xp_post_poll(epi, deliver) :
					 xp_removed_poll(epi, deliver);
	return xp_epitem_poll_and_put(epi, file, pt, depth);
}

/*
 * Return: whether an item whose event was delivered stays on the ready list. A
 * level-triggered item without EPOLLONESHOT does: the next scan polls it again.
 */
static bool xp_keep_delivered(struct epitem *epi)
{
	__poll_t events = READ_ONCE(epi->events);

	if (!(events & (EPOLLONESHOT | EPOLLET))) {
		xp_wakesource_stay_awake(epi);
		return true;
	}
	if (events & EPOLLONESHOT)
		WRITE_ONCE(epi->events, events & EP_PRIVATE_BITS);
	return false;
}

/* The most items that a scan polls between two calls of cond_resched(). */
#define XP_SCANNED_MAX 64

/* Yield the processor during a scan. Return: how many items to poll before the next time. */
static noinline unsigned int xp_scan_yield(void)
{
	cond_resched();
	return XP_SCANNED_MAX;
}

/*
 * Deliver the events of the ready list, which is not empty, from its head on, until
 * @maxevents are stored. An item that is kept stays where it is, so most items of a busy
 * level-triggered instance are not moved.
 *
 * @rest: for xp_scan_end()
 * @extended: where extended events go, in place of @uevents; or the constant NULL
 */
static __always_inline long xp_deliver(struct eventpoll *ep, struct epoll_event __user *uevents,
				       long maxevents, struct list_head **rest,
				       const struct ep_extended *extended)
{
	struct epitem *epi = list_entry(ep->rdllist.next, struct epitem, rdllink);
	struct poll_table_struct pt XP_UNINITIALIZED;
	unsigned int left = XP_SCANNED_MAX;
	long n = 0;

	if (extended && xp_extended_begin(ep, extended)) {
		*rest = &epi->rdllink;
		return -EFAULT;
	}
	init_poll_funcptr(&pt, NULL);
	do {
		struct ep_record record XP_UNINITIALIZED;
		struct list_head *next;
		__poll_t revents;

		xp_wakesource_relax_in_scan(epi);
		revents = extended ? xp_extended_poll(epi, &pt, &record) :
				     xp_epitem_poll(epi, &pt, 1, true);
		if (revents) {
			if (unlikely(extended ?
				     xp_extended_put(extended, n, epi, revents, &record) :
				     xp_put_event(uevents + n, revents, epi->data))) {
				/* the item stays armed as it was */
				if (xp_is_post(epi))
					xp_post_put_back(epi);
				else if (xp_is_removed(epi))
					xp_removed_put_back(epi);
				xp_wakesource_stay_awake(epi);
				n = n ?: -EFAULT;
				break;
			}
			n++;
		}
		next = epi->rdllink.next;
		if (!revents || !xp_keep_delivered(epi))
			xp_rdllist_del(&epi->rdllink, next);
		epi = list_entry(next, struct epitem, rdllink);
	} while (&epi->rdllink != &ep->rdllist && n < maxevents &&
		 (--left || (left = xp_scan_yield())));
	if (extended)
		xp_extended_end(ep, extended, n);
	*rest = &epi->rdllink;
	return n;
}

/* One scan. Return: as xp_scan_deliver(). */
static __always_inline long xp_scan_once(struct eventpoll *ep, struct epoll_event __user *uevents,
					 int maxevents, const struct ep_extended *extended)
{
	struct list_head *rest;
	long n = 0;

	mutex_lock(&ep->mtx);
	ep->counts.scans++;
	if (xp_scan_begin(ep)) {
		trace_xpoll_scan_begin(ep, maxevents);
		n = xp_deliver(ep, uevents, maxevents, &rest, extended);
		xp_scan_end(ep, rest);
		trace_xpoll_scan_end(ep, n);
	}
	if (n > 0)
		ep->counts.events += n;
	xp_eventpoll_unlock(ep);
	return n;
}

/* A task that is being killed does not scan. */
static __always_inline long xp_scan_unless_killed(struct eventpoll *ep,
						  struct epoll_event __user *uevents, int maxevents)
{
	if (fatal_signal_pending(current))
		return xp_pass_on(ep, xp_ready_locked);
	return xp_scan_once(ep, uevents, maxevents, NULL);
}

static noinline long xp_scan_again(struct eventpoll *ep, struct epoll_event __user *uevents,
				   int maxevents)
{
	return xp_scan_unless_killed(ep, uevents, maxevents);
}

/*
 * If a scan finds none of its items ready any more, others may have become ready before
 * it ended, so that some item was ready at every instant: scan again. Only once, since a
 * busy instance could keep the task here for ever.
 */
long xp_scan_deliver(struct eventpoll *ep, struct epoll_event __user *uevents, int maxevents)
{
	long n = xp_scan_unless_killed(ep, uevents, maxevents);

	if (likely(n) || !xp_ready(ep))
		return n;
	return xp_scan_again(ep, uevents, maxevents);
}

static noinline long xp_scan_extended(struct eventpoll *ep, const struct ep_extended *extended,
				      int maxevents)
{
	/* a copy, which the compiler knows not to be NULL */
	const struct ep_extended to = *extended;

	if (fatal_signal_pending(current))
		return xp_pass_on(ep, xp_ready_locked);
	return xp_scan_once(ep, NULL, maxevents, &to);
}

long xp_scan_deliver_extended(struct eventpoll *ep, const struct ep_extended *extended,
			      int maxevents)
{
	long n = xp_scan_extended(ep, extended, maxevents);

	if (likely(n) || !xp_ready(ep))
		return n;
	return xp_scan_extended(ep, extended, maxevents);
}

/*
 * Poll the items until *@wanted are ready, and take from that how many are. An item that is not
 * ready leaves the list, so that the next scan need not poll it. Return: the entry of the last of
 * those that were wanted, or the list's head if there are fewer.
 */
static struct list_head *xp_poll_until_ready(struct eventpoll *ep, int depth,
					     unsigned int *wanted)
{
	struct epitem *epi, *next;
	unsigned int left = XP_SCANNED_MAX;
	poll_table pt;

	init_poll_funcptr(&pt, NULL);
	list_for_each_entry_safe(epi, next, &ep->rdllist, rdllink) {
		if (!left--)
			left = xp_scan_yield() - 1;
		if (xp_epitem_poll(epi, &pt, depth, false)) {
			if (!--*wanted)
				break;
			continue;
		}
		xp_wakesource_relax(epi);
		list_del_init(&epi->rdllink);
	}
	return &epi->rdllink;
}

static unsigned int xp_arrivals(struct eventpoll *ep)
{
	unsigned int arrivals;

	spin_lock_irq(&ep->wq.lock);
	arrivals = ep->arrivals;
	spin_unlock_irq(&ep->wq.lock);
	return arrivals;
}

long xp_scan_deliver_several(struct eventpoll *ep, struct epoll_event __user *uevents,
			     const struct ep_extended *extended, int maxevents,
			     unsigned int minimum, unsigned int *enough)
{
	struct list_head *rest = &ep->rdllist;
	unsigned int wanted = minimum;
	long n = 0;

	if (fatal_signal_pending(current))
		return xp_pass_on(ep, xp_ready_locked);
	mutex_lock(&ep->mtx);
	ep->counts.scans++;
	/* before the scan: what arrives during it counts, twice at worst */
	*enough = xp_arrivals(ep);
	if (xp_scan_begin(ep)) {
		trace_xpoll_scan_begin(ep, maxevents);
		xp_poll_until_ready(ep, 1, &wanted);
		if (!wanted)
			n = extended ? xp_deliver(ep, NULL, maxevents, &rest, extended) :
				       xp_deliver(ep, uevents, maxevents, &rest, NULL);
		xp_scan_end(ep, rest);
		trace_xpoll_scan_end(ep, n);
	}
	*enough += wanted;
	if (n > 0)
		ep->counts.events += n;
	xp_eventpoll_unlock(ep);
	return n;
}

__poll_t xp_scan_poll(struct file *file, poll_table *pt, int depth)
{
	struct eventpoll *ep = file->private_data;
	unsigned int wanted = 1;

	if (unlikely(ep->ring))
		return ep->ring->poll(file, pt, depth);
	poll_wait(file, &ep->poll_wait, pt);

	if (!xp_poll_lock(ep, depth))
		return EPOLLIN | EPOLLRDNORM;
	if (xp_scan_begin(ep)) {
		struct list_head *first;

		trace_xpoll_scan_begin(ep, 0);
		first = xp_poll_until_ready(ep, depth + 1, &wanted);
		xp_scan_end(ep, first);
		trace_xpoll_scan_end(ep, !wanted);
	}
	xp_eventpoll_unlock(ep);
	return wanted ? 0 : EPOLLIN | EPOLLRDNORM;
}
