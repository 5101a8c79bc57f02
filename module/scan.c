// SPDX-License-Identifier: GPL-2.0-only
#include <linux/sched/signal.h>
#include <linux/uaccess.h>

#include "callback.h"
#include "scan.h"
#include "trace.h"
#include "wakesource.h"

/*
 * Is anything ready? Without a lock, yet a "no" was true at one instant: it is
 * said only if no scan ran, or began, while we looked. Items in the hands of a
 * scan are on no list.
 */
bool xp_ready(const struct eventpoll *ep)
{
	/* pairs with the release in xp_scan_end(): a scan that is over left its items */
	unsigned int seq = smp_load_acquire(&ep->scan_seq);

	if ((seq & 1) || !list_empty(&ep->rdllist))
		return true;
	/* pairs with the barrier in xp_scan_begin(): the list is empty before seq is odd */
	smp_rmb();
	return READ_ONCE(ep->scan_seq) != seq;
}

/* Return: whether there is anything to scan; if not, no scan runs. */
static bool xp_scan_begin(struct eventpoll *ep, struct list_head *batch)
{
	bool ready;

	lockdep_assert_held(&ep->mtx);
	spin_lock_irq(&ep->wq.lock);
	ready = !list_empty(&ep->rdllist);
	if (ready) {
		WRITE_ONCE(ep->scan_seq, ep->scan_seq + 1);
		smp_wmb(); /* see xp_ready() */
		list_splice_init(&ep->rdllist, batch);
	}
	spin_unlock_irq(&ep->wq.lock);
	return ready;
}

/*
 * The list afterwards: what the scan did not get to (@batch), then what came
 * while it ran, oldest first, then what it put back itself.
 */
static void xp_scan_end(struct eventpoll *ep, struct list_head *batch)
{
	struct epitem *epi, *next;

	spin_lock_irq(&ep->wq.lock);
	for (epi = ep->ovflist; epi; epi = next) {
		next = epi->next;
		epi->next = EP_UNACTIVE_PTR;
		/* unless it is in the batch or was put back: then it will be looked at anyway */
		if (list_empty(&epi->rdllink)) {
			/* latest first, each put before the last: oldest ends up first */
			list_add(&epi->rdllink, &ep->rdllist);
			xp_wakesource_stay_awake(epi);
		}
	}
	ep->ovflist = NULL;
	list_splice(batch, &ep->rdllist);
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
 * The events of @batch, from its head on, until the room is full. What is kept
 * stays where it is, so most items of a busy level-triggered instance are not moved
 * one by one: all that were looked at go to the tail of the ready list in one piece.
 */
static int xp_deliver_batch(struct eventpoll *ep, struct list_head *batch,
			    struct epoll_event __user *uevents, int maxevents)
{
	struct epitem *epi, *next;
	LIST_HEAD(kept);
	poll_table pt;
	int n = 0;
	int err = 0;

	init_poll_funcptr(&pt, NULL);
	list_for_each_entry_safe(epi, next, batch, rdllink) {
		__poll_t revents;

		if (n == maxevents)
			break;
		xp_wakesource_relax_in_scan(epi);
		revents = xp_epitem_poll(epi, &pt, 1);
		if (revents) {
			err = xp_put_event(uevents + n, revents, epi->data);
			if (err) {
				/* stays armed as it was */
				xp_wakesource_stay_awake(epi);
				break;
			}
			n++;
		}
		if (!revents || !xp_keep_delivered(epi))
			list_del_init(&epi->rdllink);
	}
	/* up to, but not with, the one that the loop ended at: @batch itself if at its end */
	list_cut_before(&kept, batch, &epi->rdllink);
	list_splice(&kept, &ep->rdllist);
	return n ?: err;
}

int xp_scan_deliver(struct eventpoll *ep, struct epoll_event __user *uevents, int maxevents)
{
	LIST_HEAD(batch);
	int n = 0;

	/* a task that is being killed must not go on harvesting for ever */
	if (fatal_signal_pending(current))
		return -EINTR;

	mutex_lock(&ep->mtx);
	ep->counts.scans++;
	if (xp_scan_begin(ep, &batch)) {
		trace_xpoll_scan_begin(ep, maxevents);
		n = xp_deliver_batch(ep, &batch, uevents, maxevents);
		xp_scan_end(ep, &batch);
		trace_xpoll_scan_end(ep, n);
	}
	if (n > 0)
		ep->counts.events += n;
	mutex_unlock(&ep->mtx);
	return n;
}

/* Is any of @batch ready? What is not leaves it: the next caller need not ask it again. */
static bool xp_poll_batch(struct list_head *batch, int depth)
{
	struct epitem *epi, *next;
	poll_table pt;

	init_poll_funcptr(&pt, NULL);
	list_for_each_entry_safe(epi, next, batch, rdllink) {
		if (xp_epitem_poll(epi, &pt, depth))
			return true;
		xp_wakesource_relax(epi);
		list_del_init(&epi->rdllink);
	}
	return false;
}

__poll_t xp_scan_poll(struct file *file, poll_table *pt, int depth)
{
	struct eventpoll *ep = file->private_data;
	LIST_HEAD(batch);
	bool ready = false;

	poll_wait(file, &ep->poll_wait, pt);

	mutex_lock_nested(&ep->mtx, depth);
	if (xp_scan_begin(ep, &batch)) {
		trace_xpoll_scan_begin(ep, 0);
		ready = xp_poll_batch(&batch, depth + 1);
		xp_scan_end(ep, &batch);
		trace_xpoll_scan_end(ep, ready);
	}
	mutex_unlock(&ep->mtx);
	return ready ? EPOLLIN | EPOLLRDNORM : 0;
}
