// SPDX-License-Identifier: GPL-2.0-only
/*
 * Poll items, and take events from a ready ring for the caller's array.
 *
 * A task polls the items that are listed when it begins, once each, and level-triggered ones that
 * have been taken out of the ring: it reads @head once, so what becomes ready or is taken meanwhile
 * is for the next task. A task that finds no item listed takes no mutex.
 *
 * A task that puts events into the ring wakes other waiters. It wakes none for the first event if
 * the ring was empty and the task is certain to take an event itself.
 */
#include <linux/file.h>
#include <linux/nospec.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>

#include "callback.h"
#include "ended.h"
#include "lastref.h"
#include "poll.h"
#include "ring.h"
#include "ringscan.h"
#include "slots.h"
#include "trace.h"
#include "uevent.h"

/* The most items moved under one hold of wq.lock, or events taken between two cond_resched(). */
#define XP_MOVED_MAX 32

static bool xp_ring_level_taken(struct ep_ring *ring, u64 taken)
{
	const struct ep_ring_item *item =
		list_first_entry_or_null(&ring->level, struct ep_ring_item, level);

	return item && item->until <= taken;
}

/* Return: the number of entries. @ask: whether some item has to be polled, or is being polled. */
static u32 xp_ring_look(struct eventpoll *ep, bool *ask)
{
	struct ep_ring *ring = ep->ring;
	u64 taken;
	u32 count;

	spin_lock_irq(&ep->wq.lock);
	taken = xp_ring_taken(ring);
	count = ring->tail - taken;
	*ask = !list_empty(&ep->rdllist) || ring->asking || xp_ring_level_taken(ring, taken);
	spin_unlock_irq(&ep->wq.lock);
	return count;
}

/* List level-triggered items that have been taken. Return: whether there are more. */
static bool xp_ring_move_level(struct eventpoll *ep, u64 taken)
{
	struct ep_ring *ring = ep->ring;
	unsigned int left;

	lockdep_assert_held(&ep->wq.lock);
	for (left = XP_MOVED_MAX; xp_ring_level_taken(ring, taken); left--) {
		struct ep_ring_item *item =
			list_first_entry(&ring->level, struct ep_ring_item, level);

		if (!left)
			return true;
		list_del_init(&item->level);
		if (list_empty(&item->item.rdllink))
			list_add_tail(&item->item.rdllink, &ep->rdllist);
	}
	return false;
}

/* Collect in @list the items to be polled. */
static void xp_ring_collect(struct eventpoll *ep, struct list_head *list)
{
	struct ep_ring *ring = ep->ring;
	u32 left = ring->nr / XP_MOVED_MAX;
	u64 taken;

	lockdep_assert_held(&ep->mtx);
	spin_lock_irq(&ep->wq.lock);
	ring->asking = true;
	taken = xp_ring_taken(ring);
	/* those that wake-ups list meanwhile must not prolong this */
	while (xp_ring_move_level(ep, taken) && left--) {
		spin_unlock_irq(&ep->wq.lock);
		cond_resched();
		spin_lock_irq(&ep->wq.lock);
	}
	list_splice_init(&ep->rdllist, list);
	spin_unlock_irq(&ep->wq.lock);
}

/* Poll an item. The caller holds no reference to its file, as in xp_epitem_poll(). */
static __poll_t xp_ring_poll_item(struct epitem *epi, poll_table *pt, int depth)
{
	struct file *file = epi->file;

	if (!xp_file_get_live(file))
		return 0;
	return xp_epitem_poll_and_put(epi, file, pt, depth);
}

/*
 * Put @revents of @last, the item that was polled, into the ring. Take the next item off
 * @list. Return: that item; NULL if there is none, or if the task is being killed.
 */
static struct epitem *xp_ring_ask_next(struct eventpoll *ep, struct list_head *list,
				       struct epitem *last, __poll_t revents, bool *spare,
				       bool *pollers)
{
	struct epitem *epi;

	spin_lock_irq(&ep->wq.lock);
	if (revents && xp_ring_tell(ep, xp_ring_item(last), READ_ONCE(last->events), revents)) {
		if (!*spare)
			xp_wake_waiter(ep, false, last, 0);
		*spare = false;
		*pollers = true;
	}
	epi = list_first_entry_or_null(list, struct epitem, rdllink);
	if (epi && !fatal_signal_pending(current)) {
		list_del_init(&epi->rdllink);
	} else {
		if (epi) {
			/* leave the rest to another task */
			list_splice_init(list, &ep->rdllist);
			xp_wake_waiter(ep, false, NULL, 0);
			*pollers = true;
			epi = NULL;
		}
		ep->ring->asking = false;
		xp_ring_settle_flags(ep);
	}
	*pollers = *pollers && xp_has_pollers(ep);
	spin_unlock_irq(&ep->wq.lock);
	return epi;
}

/* @spare: wake nobody for the first event. Return: whether to wake the pollers. */
static bool xp_ring_ask(struct eventpoll *ep, int depth, bool spare)
{
	struct epitem *epi = NULL;
	__poll_t revents = 0;
	bool pollers = false;
	LIST_HEAD(list);
	poll_table pt;

	lockdep_assert_held(&ep->mtx);
	ep->counts.scans++;
	trace_xpoll_scan_begin(ep, 0);
	init_poll_funcptr(&pt, NULL);
	xp_ring_collect(ep, &list);
	while ((epi = xp_ring_ask_next(ep, &list, epi, revents, &spare, &pollers))) {
		revents = xp_ring_poll_item(epi, &pt, depth);
		cond_resched();
	}
	trace_xpoll_scan_end(ep, 0);
	if (unlikely(ep->closed))
		xp_lastref_give(ep);
	return pollers;
}

/* Return: the data of @slot, a number that user space may have chosen; false if it has none. */
static bool xp_ring_data(const struct eventpoll *ep, u32 slot, u64 *data)
{
	const struct epitem *epi;

	if (!slot) {
		*data = READ_ONCE(ep->ring->post_data);
		return true;
	}
	epi = xp_slot_item(ep, slot);
	if (!epi)
		return false;
	*data = epi->data;
	return true;
}

/* @epi is in the ring once more. */
static void xp_ring_appended(struct ep_ring *ring, struct epitem *epi)
{
	struct ep_ring_item *item = xp_ring_item(epi);

	lockdep_assert_held(&epi->ep->wq.lock);
	item->until = ring->tail;
	if (!list_empty(&item->level))
		list_move_tail(&item->level, &ring->level);
}

/* An event that was taken could not be stored. */
static void xp_ring_put_back(struct eventpoll *ep, u32 slot, __poll_t bits)
{
	bool news;

	spin_lock_irq(&ep->wq.lock);
	news = xp_ring_push(ep->ring, slot, bits);
	if (news) {
		struct epitem *epi = slot ? xp_slot_item(ep, slot) : NULL;

		if (epi)
			xp_ring_appended(ep->ring, epi);
		ep->arrivals++;
	}
	xp_unlock_and_wake(ep, NULL, news);
}

/*
 * Take the next entry, as any consumer does. Return: its bits and in @slot its number; 0 for an
 * empty or false entry, or if another consumer took it; EP_RING_EMPTY if there is none.
 */
#define EP_RING_EMPTY ((__force __poll_t)XPOLL_RING_QUEUED)
static __poll_t xp_ring_take_one(const struct ep_ring *ring, u32 *slot)
{
	/* first: a tail from before this head would make the ring look empty or false */
	u32 head = smp_load_acquire(&ring->header->head);
	/* pairs with xp_ring_push() */
	u32 left = (u32)smp_load_acquire(&ring->tail) - head;

	if (!left || left > xp_ring_most(ring))
		return EP_RING_EMPTY;
	*slot = READ_ONCE(ring->index[head & (ring->nr - 1)]);
	if (cmpxchg(&ring->header->head, head, head + 1) != head || *slot >= ring->nr)
		return 0;
	*slot = array_index_nospec(*slot, ring->nr);
	return (__force __poll_t)(xchg(&ring->slots[*slot].bits, 0) & ~XPOLL_RING_QUEUED);
}

/* A hostile user can make entries false, so the number of all entries is limited. */
static long xp_ring_take(struct eventpoll *ep, struct epoll_event __user *uevents, int maxevents)
{
	const struct ep_ring *ring = ep->ring;
	u32 left = xp_ring_most(ring);
	long n = 0;

	lockdep_assert_held(&ep->mtx);
	while (n < maxevents && left--) {
		u32 slot = 0;
		__poll_t bits = xp_ring_take_one(ring, &slot);
		u64 data;

		if (!(left % XP_MOVED_MAX))
			cond_resched();
		if (bits == EP_RING_EMPTY)
			break;
		if (!bits || !xp_ring_data(ep, slot, &data))
			continue;
		if (xp_put_event(uevents + n, bits, data)) {
			xp_ring_put_back(ep, slot, bits);
			return n ?: -EFAULT;
		}
		n++;
	}
	return n;
}

/* @spare: as for xp_ring_ask(). Return: the number of events in the array, or -errno. */
static long xp_ring_ask_and_take(struct eventpoll *ep, struct epoll_event __user *uevents,
				 int maxevents, bool ask, bool spare, unsigned int minimum)
{
	bool pollers = false;
	long n = 0;

	mutex_lock(&ep->mtx);
	if (ask)
		pollers = xp_ring_ask(ep, 1, spare);
	if (maxevents && (minimum == 1 || xp_ring_look(ep, &ask) >= minimum))
		n = xp_ring_take(ep, uevents, maxevents);
	xp_eventpoll_unlock(ep);
	if (pollers)
		xp_wake_pollers(ep, NULL, 0);
	return n;
}

/*
 * If none of the items that were polled is ready any more, others may have become ready before:
 * look again, once, as in xp_scan_deliver().
 */
long xp_ring_deliver(struct eventpoll *ep, struct epoll_event __user *uevents, int maxevents)
{
	unsigned int rounds;

	if (fatal_signal_pending(current))
		return xp_pass_on(ep, xp_ring_ready_locked);
	for (rounds = 2; rounds; rounds--) {
		bool ask;
		u32 count = xp_ring_look(ep, &ask);
		long n;

		if (!ask && (!count || !maxevents))
			return count;
		/*
		 * With an array the task takes the first event that it puts into an empty ring.
		 * Otherwise it may take another one, or none.
		 */
		n = xp_ring_ask_and_take(ep, uevents, maxevents, ask, maxevents && !count, 1);
		if (!maxevents)
			n = xp_ring_look(ep, &ask);
		if (n)
			return n;
	}
	return 0;
}

long xp_ring_deliver_several(struct eventpoll *ep, struct epoll_event __user *uevents,
			     int maxevents, unsigned int minimum, unsigned int *enough)
{
	u32 count;
	bool ask;
	long n = 0;

	if (fatal_signal_pending(current))
		return xp_pass_on(ep, xp_ring_ready_locked);
	xp_ring_look(ep, &ask);
	if (ask || maxevents)
		n = xp_ring_ask_and_take(ep, uevents, maxevents, ask, false, minimum);
	if (n)
		return n;
	spin_lock_irq(&ep->wq.lock);
	count = xp_ring_count(ep);
	*enough = ep->arrivals;
	/* an item that was listed since has arrived, but nobody has polled it: do not sleep */
	if (list_empty(&ep->rdllist))
		*enough += minimum - min(count, minimum);
	if (!maxevents && count >= minimum)
		n = count;
	else if (xp_ring_ready_locked(ep))
		/* a wake-up that this task took may have been all that a waiter would get */
		xp_wake_waiter(ep, false, NULL, 0);
	spin_unlock_irq(&ep->wq.lock);
	return n;
}

__poll_t xp_ring_poll(struct file *file, poll_table *pt, int depth)
{
	struct eventpoll *ep = file->private_data;
	bool ask, pollers;
	u32 count;

	poll_wait(file, &ep->poll_wait, pt);
	count = xp_ring_look(ep, &ask);
	if (!count && ask) {
		if (!xp_poll_lock(ep, depth))
			return EPOLLIN | EPOLLRDNORM;
		/* who polls the instance is asking, so the pollers need no wake-up */
		/* not killable: it publishes what it finds, so the result has to be valid */
		pollers = xp_ring_ask(ep, (depth & ~XP_POLL_KILLABLE) + 1, false);
		xp_eventpoll_unlock(ep);
		/* unless it is being killed and left items to another poller */
		if (pollers && fatal_signal_pending(current))
			xp_wake_pollers(ep, NULL, 0);
		count = xp_ring_look(ep, &ask);
	}
	return count ? EPOLLIN | EPOLLRDNORM : 0;
}
