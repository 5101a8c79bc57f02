/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What CTL and the changes of ENTER share to change an item. Inline in both: a MOD has nothing that
 * weighs more than a call, but the watched file's ->poll().
 */
#ifndef XPOLL_MODIFY_H
#define XPOLL_MODIFY_H

#include <linux/poll.h>

#include "anonfile.h"
#include "callback.h"
#include "ctl.h"
#include "epitem.h"
#include "poll.h"
#include "ring.h"
#include "ringcall.h"
#include "wakesource.h"

/* The bits that EPOLLEXCLUSIVE allows. */
#define EPOLLEXCLUSIVE_OK_BITS \
	(EPOLLIN | EPOLLOUT | EPOLLERR | EPOLLHUP | EPOLLWAKEUP | EPOLLET | EPOLLEXCLUSIVE)

/*
 * A native instance and one of xpoll that watch each other would deadlock: neither side's
 * check sees a cycle through the other side.
 */
static __always_inline bool xp_is_native_epoll(const struct file *file)
{
	return xp_is_anon_file(file, "[eventpoll]");
}

/* @events: of the change */
static __always_inline int xp_ctl_check(const struct file *epfile, const struct file *target,
					int op, __poll_t events)
{
	if (!file_can_poll((struct file *)target))
		return -EPERM;
	if (target == epfile)
		return -EINVAL;
	if (op == EPOLL_CTL_ADD && xp_is_native_epoll(target))
		return -EINVAL;
	if (op == EPOLL_CTL_DEL || !(events & EPOLLEXCLUSIVE))
		return 0;
	if (op == EPOLL_CTL_MOD)
		return -EINVAL;
	if (op == EPOLL_CTL_ADD &&
	    (xp_eventpoll_of(target) || (events & ~EPOLLEXCLUSIVE_OK_BITS)))
		return -EINVAL;
	return 0;
}

static __always_inline void xp_modify_store(struct eventpoll *ep, struct epitem *epi,
					    __poll_t events, u64 data)
{
	bool wakeup = events & EPOLLWAKEUP;

	lockdep_assert_held(&ep->mtx);
	if (unlikely(ep->ring)) {
		xp_ring_change(ep, epi, events, data);
		return;
	}
	WRITE_ONCE(epi->events, events);
	epi->data = data;
	/* MOD succeeds without memory for the wakeup source, as in epoll */
	if (wakeup && !xp_wakesource_present(epi))
		xp_wakesource_create(epi);
	else if (!wakeup && xp_wakesource_present(epi))
		xp_wakesource_withdraw(epi);
}

/* Poll an item whose events have been changed. Return: what is ready. */
static __always_inline __poll_t xp_modify_poll(struct epitem *epi, struct file *file,
					       poll_table *pt)
{
	/*
	 * Orders the store of @events before ->poll(). An event that ->poll() does not see
	 * wakes the callback later, which sees the new @events. Pairs with xp_events_of().
	 */
	smp_mb();
	return xp_epitem_poll_held(epi, file, pt, 1);
}

/*
 * Change @epi, which is NULL if the target is not watched; under ep->mtx. The caller holds the
 * item's file. @pt: without a function. Return: 0 or -errno.
 */
static __always_inline int xp_modify(struct eventpoll *ep, struct epitem *epi, __poll_t events,
				     u64 data, poll_table *pt, struct ep_found *found)
{
	if (!epi)
		return -ENOENT;
	if (READ_ONCE(epi->events) & EPOLLEXCLUSIVE)
		return -EINVAL;
	xp_modify_store(ep, epi, events, data);
	found->revents = xp_modify_poll(epi, epi->file, pt);
	if (found->revents)
		found->epi = epi;
	return 0;
}

/* A change found @epi ready: list it; on an instance with a ring, put @revents there. */
static inline void xp_list_found(struct eventpoll *ep, struct epitem *epi, __poll_t revents)
{
	if (unlikely(ep->ring))
		xp_ring_found(ep, epi, revents);
	else
		xp_make_ready(ep, epi);
}

#endif /* XPOLL_MODIFY_H */
