/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The scan of a wait: it stores the events of the ready list. Inline, into the one
 * function that calls it: a frame of its own costs a tenth of what is done in it.
 */
#ifndef XPOLL_DELIVER_H
#define XPOLL_DELIVER_H

#include <linux/uaccess.h>

#include "poll.h"
#include "rdllist.h"
#include "scan.h"
#include "trace.h"
#include "wakesource.h"

/* @uevent is in an array that passed access_ok() in xp_wait_checked(): it can only fault. */
static inline int xp_put_event(struct epoll_event __user *uevent, __poll_t revents, u64 data)
{
	__uaccess_begin_nospec();
	unsafe_put_user(revents, &uevent->events, fault);
	unsafe_put_user(data, &uevent->data, fault);
	__uaccess_end();
	return 0;
fault:
	__uaccess_end();
	return -EFAULT;
}

/*
 * What becomes of an item whose event was delivered. Return: whether it is kept,
 * since it may be ready still; the next scan will ask it.
 */
static inline bool xp_keep_delivered(struct epitem *epi)
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
 * The events of the ready list, which is not empty, from its head on, until the room is
 * full. What is kept stays where it is, so most items of a busy level-triggered instance
 * are not moved.
 *
 * @rest: for xp_scan_end()
 */
static __always_inline long xp_deliver(struct eventpoll *ep, struct epoll_event __user *uevents,
				       long maxevents, struct list_head **rest)
{
	struct list_head *at = ep->rdllist.next;
	poll_table pt;
	long n = 0;

	init_poll_funcptr(&pt, NULL);
	do {
		struct list_head *next;
		struct epitem *epi = list_entry(at, struct epitem, rdllink);
		__poll_t revents;

		xp_wakesource_relax_in_scan(epi);
		revents = xp_epitem_poll(epi, &pt, 1);
		if (revents) {
			if (unlikely(xp_put_event(uevents + n, revents, epi->data))) {
				/* stays armed as it was */
				xp_wakesource_stay_awake(epi);
				n = n ?: -EFAULT;
				break;
			}
			n++;
		}
		next = at->next;
		if (!revents || !xp_keep_delivered(epi))
			xp_rdllist_del(at, next);
		at = next;
	} while (at != &ep->rdllist && n < maxevents);
	*rest = at;
	return n;
}

/*
 * Store up to @maxevents events; @uevents with room for so many has passed access_ok().
 * Return: how many, or -EFAULT.
 */
static __always_inline long xp_scan_deliver(struct eventpoll *ep,
					    struct epoll_event __user *uevents, int maxevents)
{
	struct list_head *rest;
	long n = 0;

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

#endif /* XPOLL_DELIVER_H */
