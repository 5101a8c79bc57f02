/* SPDX-License-Identifier: GPL-2.0-only */
/* What runs when a watched file wakes its wait queue. */
#ifndef XPOLL_CALLBACK_H
#define XPOLL_CALLBACK_H

#include "epitem.h"

int xp_callback(wait_queue_entry_t *wait, unsigned int mode, int sync, void *key);

/* Wake the first waiter; there is one. */
void xp_wake_first(struct eventpoll *ep, bool sync);

/* Wake one waiter. Return: whether there was one. */
static inline bool xp_wake_waiter(struct eventpoll *ep, bool sync)
{
	lockdep_assert_held(&ep->wq.lock);
	/* no barrier: a waiter queues itself under this lock */
	if (!waitqueue_active(&ep->wq))
		return false;
	xp_wake_first(ep, sync);
	return true;
}

/*
 * Wake the pollers of the instance. The caller does not hold wq.lock.
 *
 * @from: the item whose event this is, or NULL if it comes from a system call
 * @flags: EPOLL_URING_WAKE or 0
 */
void xp_wake_pollers(struct eventpoll *ep, const struct epitem *from, __poll_t flags);

/* Put a ready @epi on the ready list, wake a waiter and the pollers; under ep->mtx. */
void xp_make_ready(struct eventpoll *ep, struct epitem *epi);

#endif /* XPOLL_CALLBACK_H */
