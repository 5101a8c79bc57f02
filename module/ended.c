// SPDX-License-Identifier: GPL-2.0-only
#include <linux/sched.h>

#include "callback.h"
#include "ended.h"
#include "epitem.h"
#include "wide.h"

/*
 * Only a holder of the mutex takes items off the list, so the first one stays. The list has at most
 * the items of the instance: a new one needs the mutex.
 */
void xp_ended_drop(struct eventpoll *ep)
{
	struct hlist_node *node;

	lockdep_assert_held(&ep->mtx);
	/* xp_owned_del() takes it off the list */
	while ((node = READ_ONCE(ep->ended.first))) {
		xp_epitem_remove(ep, &hlist_entry(node, struct ep_wide, owned_link)->item);
		cond_resched();
	}
}

/*
 * Wake whoever polls @ep once for all records that were made under this hold of the mutex. A file
 * may be watched by any number of descriptors, and each wake-up runs through all paths up.
 */
static void xp_ended_unlock(struct eventpoll *ep)
{
	bool pollers = ep->wakes_pollers;

	ep->wakes_pollers = false;
	mutex_unlock(&ep->mtx);
	smp_mb(); /* pairs with smp_mb() in xp_owned_end() */
	if (pollers)
		xp_wake_pollers(ep, NULL, 0);
}

void xp_ended_flush(struct eventpoll *ep)
{
	while (!hlist_empty(&ep->ended) && mutex_trylock(&ep->mtx)) {
		xp_ended_drop(ep);
		xp_ended_unlock(ep);
	}
}

/* Free the records that the scan has delivered, at most as many as it has delivered events. */
static void xp_told_free(struct eventpoll *ep)
{
	struct epitem *epi, *next;

	lockdep_assert_held(&ep->mtx);
	for (epi = ep->told; epi; epi = next) {
		next = epi->next;
		epi->next = EP_UNACTIVE_PTR;
		xp_epitem_free(epi, ep->user);
		cond_resched();
	}
	ep->told = NULL;
}

/*
 * Before the mutex is let go: a change may have armed an item after the close disarmed it, and
 * nobody else must find it so.
 */
void __xp_eventpoll_unlock(struct eventpoll *ep)
{
	xp_ended_check(ep);
	xp_told_free(ep);
	xp_ended_unlock(ep);
	xp_ended_flush(ep);
}
