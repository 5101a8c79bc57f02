/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An instance's own event, which XPOLL_IOC_POST posts. It has an item, so that it takes its place
 * among the watches on the ready list and scans find it there. The item is ready while an event is
 * pending; if it is on the list without one, a scan removes it.
 */
#ifndef XPOLL_POST_H
#define XPOLL_POST_H

#include "epitem.h"

/**
 * struct ep_post - an instance's own event
 * @item: in place of a watch: edge-triggered, with a file that was never open [as an item's
 *	fields are; @data belongs to the scan]
 * @data: the data of the next event [wq.lock]
 * @pending: there is a next event [wq.lock]
 */
struct ep_post {
	struct epitem item;
	u64 data;
	bool pending;
};

/* XPOLL_IOC_POST on the instance @ep. Return: 0 or -errno. */
long xp_post(struct eventpoll *ep, const u64 __user *argp);

/* Is @epi the item of its instance's own event? It is on a list, so @post is set if it is. */
static inline bool xp_is_post(const struct epitem *epi)
{
	const struct ep_post *post = READ_ONCE(epi->ep->post);

	return post && epi == &post->item;
}

/*
 * Poll the item of an own event; under ep->mtx. @deliver: take the event, whose data is in
 * epi->data then. Return: EPOLLIN, or 0 if no event is pending.
 */
static inline __poll_t xp_post_poll(struct epitem *epi, bool deliver)
{
	struct ep_post *post = container_of(epi, struct ep_post, item);
	struct eventpoll *ep = epi->ep;
	bool pending;

	lockdep_assert_held(&ep->mtx);
	spin_lock_irq(&ep->wq.lock);
	pending = post->pending;
	if (deliver && pending) {
		epi->data = post->data;
		post->pending = false;
	}
	spin_unlock_irq(&ep->wq.lock);
	return pending ? EPOLLIN : 0;
}

/* The event that was taken last could not be delivered. A later one replaces it. */
static inline void xp_post_put_back(struct epitem *epi)
{
	struct ep_post *post = container_of(epi, struct ep_post, item);
	struct eventpoll *ep = epi->ep;

	lockdep_assert_held(&ep->mtx);
	spin_lock_irq(&ep->wq.lock);
	if (!post->pending) {
		post->data = epi->data;
		post->pending = true;
	}
	spin_unlock_irq(&ep->wq.lock);
}

#endif /* XPOLL_POST_H */
