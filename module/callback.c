// SPDX-License-Identifier: GPL-2.0-only
/*
 * What runs when a watched file wakes its wait queue: the item becomes ready and
 * somebody who waits for it is woken.
 *
 * Called under the wait queue's lock, from any context that may wake.
 */
#include "callback.h"
#include "rdllist.h"
#include "trace.h"
#include "wakesource.h"

#define EPOLLINOUT_BITS (EPOLLIN | EPOLLOUT)

/* The question first: else what the event tells is read whether somebody listens or not. */
static inline void xp_trace_queue(const struct eventpoll *ep, const struct epitem *epi,
				  bool overflow)
{
	if (trace_xpoll_queue_enabled())
		trace_xpoll_queue(ep, epi->file, epi->fd, overflow);
}

/* Out of line, so that an event nobody waits for does not pay for its registers. */
noinline void xp_wake_first(struct eventpoll *ep, bool sync)
{
	trace_xpoll_wake(ep, true, sync);
	ep->counts.wakeups++;
	if (sync)
		__wake_up_locked_sync_key(&ep->wq, TASK_NORMAL, NULL);
	else
		wake_up_locked(&ep->wq);
}

/* Does somebody poll the instance itself? Under the ready lock. */
static bool xp_has_pollers(struct eventpoll *ep)
{
	lockdep_assert_held(&ep->wq.lock);
	/* no barrier: a poller takes this lock for its scan once it is queued */
	return waitqueue_active(&ep->poll_wait);
}

#ifdef CONFIG_DEBUG_LOCK_ALLOC

/*
 * Wake-ups of nested instances nest: the lock of one poll_wait is held while the
 * next is taken. They are one lock class, so each gets its distance from the
 * watched file as its subclass. The distance of the one below is stable: it holds
 * its lock and is waiting for us.
 */
static void xp_wake_poll_wait(struct eventpoll *ep, const struct epitem *from, __poll_t events)
{
	const struct eventpoll *below = from ? xp_eventpoll_of(from->file) : NULL;
	unsigned int nests = below ? below->nests : !!from;
	unsigned long flags;

	spin_lock_irqsave_nested(&ep->poll_wait.lock, flags, nests);
	ep->nests = nests + 1;
	wake_up_locked_poll(&ep->poll_wait, events);
	ep->nests = 0;
	spin_unlock_irqrestore(&ep->poll_wait.lock, flags);
}

#else

static void xp_wake_poll_wait(struct eventpoll *ep, const struct epitem *from, __poll_t events)
{
	wake_up_poll(&ep->poll_wait, events);
}

#endif

void xp_wake_pollers(struct eventpoll *ep, const struct epitem *from, __poll_t flags)
{
	trace_xpoll_wake(ep, false, false);
	xp_wake_poll_wait(ep, from, EPOLLIN | flags);
}

void xp_make_ready(struct eventpoll *ep, struct epitem *epi)
{
	bool pollers = false;

	lockdep_assert_held(&ep->mtx);
	spin_lock_irq(&ep->wq.lock);
	if (list_empty(&epi->rdllink)) {
		xp_rdllist_add_tail(&epi->rdllink, &ep->rdllist);
		xp_trace_queue(ep, epi, false);
		xp_wakesource_stay_awake(epi);
		xp_wake_waiter(ep, false);
		pollers = xp_has_pollers(ep);
	}
	spin_unlock_irq(&ep->wq.lock);

	if (pollers)
		xp_wake_pollers(ep, NULL, 0);
}

/*
 * Is @happened, or no key, which may be anything, something that an item waits for?
 * Not if EPOLLONESHOT has disarmed it.
 */
static bool xp_wants(__poll_t events, __poll_t happened)
{
	return events & ~EP_PRIVATE_BITS & (happened ?: ~(__force __poll_t)0);
}

/* The item is to be looked at: by the scan that runs, else by the next one. */
static void xp_queue_item(struct eventpoll *ep, struct epitem *epi)
{
	if (unlikely(xp_scan_running(ep))) {
		/* the scan moves rdllink about without the lock: hands off */
		if (epi->next != EP_UNACTIVE_PTR)
			return;
		epi->next = ep->ovflist;
		ep->ovflist = epi;
		ep->counts.overflows++;
		xp_trace_queue(ep, epi, true);
	} else {
		if (!list_empty(&epi->rdllink))
			return;
		xp_rdllist_add_tail(&epi->rdllink, &ep->rdllist);
		xp_trace_queue(ep, epi, false);
	}
	xp_wakesource_stay_awake(epi);
}

/*
 * Does waking a waiter of an EPOLLEXCLUSIVE item use the event up, so that no
 * other instance need be woken? If it is something the item waits for, and not the
 * end of the queue, which concerns everybody.
 */
static bool xp_consumes(__poll_t events, __poll_t key)
{
	if (key & POLLFREE)
		return false;
	switch (key & EPOLLINOUT_BITS) {
	case EPOLLIN:
		return events & EPOLLIN;
	case EPOLLOUT:
		return events & EPOLLOUT;
	case 0:
		return true;
	}
	return false;
}

/*
 * The queue that @wait is on is about to be freed. Leave it, under its lock,
 * which our caller holds. Once whead is NULL nobody keeps the item for us.
 */
static void xp_callback_free(wait_queue_entry_t *wait)
{
	struct eppoll_entry *pwq = container_of(wait, struct eppoll_entry, wait);

	/* remove_wait_queue() may be waiting for the lock and will do it again */
	list_del_init(&wait->entry);
	/* pairs with xp_unhook(): it sees NULL only after the entry has left */
	smp_store_release(&pwq->whead, NULL);
}

int xp_callback(wait_queue_entry_t *wait, unsigned int mode, int sync, void *key)
{
	struct epitem *epi = wait->private;
	struct eventpoll *ep = epi->ep;
	__poll_t happened = key_to_poll(key);
	bool pollers = false, consumed = false;
	unsigned long flags;
	__poll_t events;

	spin_lock_irqsave(&ep->wq.lock, flags);
	ep->counts.callbacks++;
	events = READ_ONCE(epi->events);
	if (trace_xpoll_callback_enabled())
		trace_xpoll_callback(ep, epi->file, epi->fd, events, happened, sync);

	if (xp_wants(events, happened)) {
		xp_queue_item(ep, epi);
		if (xp_wake_waiter(ep, sync))
			consumed = xp_consumes(events, happened);
		pollers = xp_has_pollers(ep);
	}
	spin_unlock_irqrestore(&ep->wq.lock, flags);

	if (pollers)
		xp_wake_pollers(ep, epi, happened & EPOLL_URING_WAKE);

	if (unlikely(happened & POLLFREE))
		xp_callback_free(wait);

	/* of an entry that is not exclusive nobody asks this */
	return consumed;
}
