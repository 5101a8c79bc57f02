// SPDX-License-Identifier: GPL-2.0-only
/*
 * As callback.c, for the items of a ready ring. Bits that a wake-up reports reliably go to the ring
 * at once, in order of arrival. Other wake-ups list the item, and a task polls its file in
 * ringscan.c.
 *
 * No waiter is woken for a slot that was in the ring before, or that a consumer owns.
 */
#include "callback.h"
#include "rdllist.h"
#include "ring.h"
#include "ringcall.h"
#include "trace.h"

/* List the item to be polled. Return: whether it was not listed yet. */
static bool xp_ring_list(struct eventpoll *ep, struct epitem *epi)
{
	lockdep_assert_held(&ep->wq.lock);
	if (!list_empty(&epi->rdllink))
		return false;
	xp_rdllist_add_tail(&epi->rdllink, &ep->rdllist);
	xp_ring_set_flags(ep->ring, XPOLL_RING_ENTER);
	ep->arrivals++;
	xp_trace_queue(epi, false);
	return true;
}

static __always_inline bool xp_ring_hear(struct eventpoll *ep, struct epitem *epi, __poll_t events,
					 __poll_t happened)
{
	struct ep_ring_item *item = xp_ring_item(epi);

	if (likely(item->direct && happened && !(happened & events & ~XP_RING_TOLD)))
		return xp_ring_tell(ep, item, events, happened);
	return xp_ring_list(ep, epi);
}

int xp_ring_callback(wait_queue_entry_t *wait, unsigned int mode, int sync, void *key)
{
	return xp_callback_by(wait, sync, key, xp_ring_hear);
}

void xp_ring_found(struct eventpoll *ep, struct epitem *epi, __poll_t revents)
{
	bool news;

	lockdep_assert_held(&ep->mtx);
	spin_lock_irq(&ep->wq.lock);
	news = xp_ring_tell(ep, xp_ring_item(epi), READ_ONCE(epi->events), revents);
	xp_unlock_and_wake(ep, epi, news);
}

void xp_ring_post(struct eventpoll *ep, u64 data)
{
	struct ep_ring *ring = ep->ring;
	bool news;

	spin_lock_irq(&ep->wq.lock);
	WRITE_ONCE(ring->post_data, data);
	WRITE_ONCE(ring->slots[0].data, data);
	news = xp_ring_push(ring, 0, EPOLLIN);
	if (news) {
		ep->arrivals++;
		ep->counts.events++;
	}
	xp_unlock_and_wake(ep, NULL, news);
}
