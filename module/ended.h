/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Items whose descriptors were closed while another task had the instance's mutex. A close does not
 * wait for the mutex, since that task may hold it for any time: the close takes the item out of the
 * table of owned watches, puts it on the instance's list of ended items and disarms it (owned.c).
 * Whoever has the mutex then removes the items on the list.
 *
 * A disarmed item has no event, so scans need not look at the list. What looks an item up or arms
 * it does: it takes the mutex by xp_eventpoll_lock(). All who have the mutex let go of it by
 * xp_eventpoll_unlock(), since a close may have found it taken. See MEMORY ORDER in eventpoll.h.
 */
#ifndef XPOLL_ENDED_H
#define XPOLL_ENDED_H

#include <linux/list.h>
#include <linux/mutex.h>

#include "eventpoll.h"

/* Remove the ended items of @ep; under ep->mtx. */
void xp_ended_drop(struct eventpoll *ep);

/*
 * Remove them unless another task has the mutex, which then does so. The caller does not have it. A
 * full barrier comes after what put items on the list, or after the caller let go of the mutex.
 */
void xp_ended_flush(struct eventpoll *ep);

void __xp_eventpoll_unlock(struct eventpoll *ep);

/* The caller has just taken ep->mtx. */
static inline void xp_ended_check(struct eventpoll *ep)
{
	if (unlikely(!hlist_empty(&ep->ended)))
		xp_ended_drop(ep);
}

static inline void xp_eventpoll_lock(struct eventpoll *ep)
{
	mutex_lock(&ep->mtx);
	xp_ended_check(ep);
}

/* The caller has a reference to the instance or to its file. */
static inline void xp_eventpoll_unlock(struct eventpoll *ep)
{
	if (likely(!ep->cleans))
		mutex_unlock(&ep->mtx);
	else
		__xp_eventpoll_unlock(ep);
}

#endif /* XPOLL_ENDED_H */
