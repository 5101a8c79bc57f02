// SPDX-License-Identifier: GPL-2.0-only
#include <linux/sched/signal.h>
#include <linux/uaccess.h>

#include "callback.h"
#include "poll.h"
#include "scan.h"
#include "trace.h"
#include "wakesource.h"

/* Return: whether there is anything to scan; if not, no scan runs. */
static __always_inline bool xp_scan_begin(struct eventpoll *ep)
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
 * The list afterwards: what the scan did not get to (@rest and what follows, the list
 * itself if nothing), then what came while it ran, oldest first, then what it kept.
 */
static __always_inline void xp_scan_end(struct eventpoll *ep, struct list_head *rest)
{
	struct epitem *epi, *next;

	spin_lock_irq(&ep->wq.lock);
	for (epi = ep->ovflist; epi; epi = next) {
		next = epi->next;
		epi->next = EP_UNACTIVE_PTR;
		/* unless it was not looked at yet or is kept: then it will be looked at anyway */
		if (list_empty(&epi->rdllink)) {
			/* latest first, each put before the last: oldest ends up first */
			list_add(&epi->rdllink, &ep->rdllist);
			xp_wakesource_stay_awake(epi);
		}
	}
	ep->ovflist = NULL;
	/* the list is a ring: only where it begins is to be moved */
	if (rest != &ep->rdllist)
		list_rotate_to_front(rest, &ep->rdllist);
	/* pairs with xp_ready(): the list is whole before seq is even */
	smp_store_release(&ep->scan_seq, ep->scan_seq + 1);
	xp_wakesource_scan_end(ep);

	if (!list_empty(&ep->rdllist))
		xp_wake_waiter(ep, false);
	spin_unlock_irq(&ep->wq.lock);
}

static int xp_put_event(struct epoll_event __user *uevent, __poll_t revents, u64 data)
{
	if (!user_write_access_begin(uevent, sizeof(*uevent)))
		return -EFAULT;
	unsafe_put_user(revents, &uevent->events, fault);
	unsafe_put_user(data, &uevent->data, fault);
	user_write_access_end();
	return 0;
fault:
	user_write_access_end();
	return -EFAULT;
}

/*
 * What becomes of an item whose event was delivered. Return: whether it is kept,
 * since it may be ready still; the next scan will ask it.
 */
static bool xp_keep_delivered(struct epitem *epi)
{
	if (!(epi->events & (EPOLLONESHOT | EPOLLET))) {
		xp_wakesource_stay_awake(epi);
		return true;
	}
	if (epi->events & EPOLLONESHOT)
		WRITE_ONCE(epi->events, epi->events & EP_PRIVATE_BITS);
	return false;
}

/*
 * The events of the ready list, from its head on, until the room is full. What is kept
 * stays where it is, so most items of a busy level-triggered instance are not moved.
 *
 * @rest: for xp_scan_end()
 */
static int xp_deliver(struct eventpoll *ep, struct epoll_event __user *uevents, int maxevents,
		      struct list_head **rest)
{
	struct epitem *epi, *next;
	poll_table pt;
	int n = 0;
	int err = 0;

	init_poll_funcptr(&pt, NULL);
	list_for_each_entry_safe(epi, next, &ep->rdllist, rdllink) {
		__poll_t revents;

		if (n == maxevents)
			break;
		xp_wakesource_relax_in_scan(epi);
		revents = xp_epitem_poll(epi, &pt, 1);
		if (revents) {
			err = xp_put_event(uevents, revents, epi->data);
			if (err) {
				/* stays armed as it was */
				xp_wakesource_stay_awake(epi);
				break;
			}
			uevents++;
			n++;
		}
		if (!revents || !xp_keep_delivered(epi))
			list_del_init(&epi->rdllink);
	}
	/* the one that the loop ended at: the list itself if at its end */
	*rest = &epi->rdllink;
	return n ?: err;
}

int xp_scan_deliver(struct eventpoll *ep, struct epoll_event __user *uevents, int maxevents)
{
	struct list_head *rest;
	int n = 0;

	/* a task that is being killed must not go on harvesting for ever */
	if (fatal_signal_pending(current))
		return -EINTR;

	mutex_lock(&ep->mtx);
	ep->counts.scans++;
	if (xp_scan_begin(ep)) {
		trace_xpoll_scan_begin(ep, maxevents);
		n = xp_deliver(ep, uevents, maxevents, &rest);
		xp_scan_end(ep, rest);
		trace_xpoll_scan_end(ep, n);
	}
	if (n > 0)
		ep->counts.events += n;
	mutex_unlock(&ep->mtx);
	return n;
}

/*
 * The first item that is ready, as a place in the list, or the list itself. What is not
 * ready leaves it: the next caller need not ask it again.
 */
static struct list_head *xp_poll_until_ready(struct eventpoll *ep, int depth)
{
	struct epitem *epi, *next;
	poll_table pt;

	init_poll_funcptr(&pt, NULL);
	list_for_each_entry_safe(epi, next, &ep->rdllist, rdllink) {
		if (xp_epitem_poll(epi, &pt, depth))
			break;
		xp_wakesource_relax(epi);
		list_del_init(&epi->rdllink);
	}
	return &epi->rdllink;
}

__poll_t xp_scan_poll(struct file *file, poll_table *pt, int depth)
{
	struct eventpoll *ep = file->private_data;
	bool ready = false;

	poll_wait(file, &ep->poll_wait, pt);

	mutex_lock_nested(&ep->mtx, depth);
	if (xp_scan_begin(ep)) {
		struct list_head *first;

		trace_xpoll_scan_begin(ep, 0);
		first = xp_poll_until_ready(ep, depth + 1);
		ready = first != &ep->rdllist;
		xp_scan_end(ep, first);
		trace_xpoll_scan_end(ep, ready);
	}
	mutex_unlock(&ep->mtx);
	return ready ? EPOLLIN | EPOLLRDNORM : 0;
}
