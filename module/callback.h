/* SPDX-License-Identifier: GPL-2.0-only */
/* What runs when a watched file wakes its wait queue. */
#ifndef XPOLL_CALLBACK_H
#define XPOLL_CALLBACK_H

#include "epitem.h"
#include "several.h"
#include "trace.h"

int xp_callback(wait_queue_entry_t *wait, unsigned int mode, int sync, void *key);
/* The same, of an item that keeps when it was woken (times.h). */
int xp_callback_times(wait_queue_entry_t *wait, unsigned int mode, int sync, void *key);

#define EPOLLINOUT_BITS (EPOLLIN | EPOLLOUT)

/*
 * Whether the waiter that was woken for an EPOLLEXCLUSIVE item takes the event, so that
 * no other instance need be woken. It does if @key has EPOLLIN or EPOLLOUT, not both, and
 * the item waits for that one, or if @key has neither. The end of the wait queue
 * (POLLFREE) concerns every instance.
 */
static inline bool xp_consumes(__poll_t events, __poll_t key)
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
 * Whether @happened is something that an item with @events waits for. 0 is a wake-up
 * without a key, which may be anything. An item that EPOLLONESHOT has disarmed waits for
 * nothing.
 */
static inline bool xp_wants(__poll_t events, __poll_t happened)
{
	return events & ~EP_PRIVATE_BITS & (happened ?: ~(__force __poll_t)0);
}

/*
 * The events that @epi has, for a wake-up that tells @happened. The waker may have made the file
 * ready under nothing but the lock of its wait queue, and a lock is no full barrier on arm64: a
 * disarmed item may have been armed by a change whose ->poll() did not see that.
 */
static inline __poll_t xp_events_of(const struct epitem *epi, __poll_t happened)
{
	__poll_t events = READ_ONCE(epi->events);

	lockdep_assert_held(&epi->ep->wq.lock);
	if (likely(xp_wants(events, happened)))
		return events;
	/* pairs with xp_modify_poll() */
	smp_mb__after_spinlock();
	return READ_ONCE(epi->events);
}

/* These load what a tracer wants only if there is one: 4 guest instructions for each wake-up. */
static __always_inline void xp_trace_callback(const struct epitem *epi, __poll_t events,
					      __poll_t happened, int sync)
{
	if (trace_xpoll_callback_enabled())
		trace_xpoll_callback(epi->ep, epi->file, epi->fd, events, happened, sync);
}

static __always_inline void xp_trace_queue(const struct epitem *epi, bool overflow)
{
	if (trace_xpoll_queue_enabled())
		trace_xpoll_queue(epi->ep, epi->file, epi->fd, overflow);
}

/*
 * Handle the event as xp_callback() does if a waiter is likely to take it, and do nothing if
 * each of them is about to leave, or hangs. For an EPOLLEXCLUSIVE item. The caller holds the
 * lock of its file's wait queue. @happened: with one of EPOLLIN and EPOLLOUT. @left: as for
 * xp_choose_waiter().
 *
 * Return: whether the event was handled.
 */
bool xp_callback_offer(struct epitem *epi, int sync, __poll_t happened, unsigned int *left);

/* As xp_wake_waiter(); there is a waiter. */
void xp_wake_first(struct eventpoll *ep, bool sync, const struct epitem *epi, __poll_t happened);

/*
 * Wake one waiter: one that waits for several events, if there are enough; else the one that the
 * policy chooses, or the first in the queue. @epi: the item whose event it is, or NULL. @happened:
 * what its file reported, or 0. Return: whether one surely takes the event.
 */
static inline bool xp_wake_waiter(struct eventpoll *ep, bool sync, const struct epitem *epi,
				  __poll_t happened)
{
	lockdep_assert_held(&ep->wq.lock);
	/* it may find too few, so others get the event, too */
	if (xp_several_wake(ep, sync))
		return false;
	/* no barrier: a waiter queues itself under this lock */
	if (!waitqueue_active(&ep->wq))
		return false;
	xp_wake_first(ep, sync, epi, happened);
	return true;
}

/*
 * Wake the pollers of the instance. The caller does not hold wq.lock.
 *
 * @from: the item whose event this is, or NULL if it comes from a system call
 * @flags: EPOLL_URING_WAKE or 0
 */
void xp_wake_pollers(struct eventpoll *ep, const struct epitem *from, __poll_t flags);

/* Whether a task or a watching instance polls this instance. */
static inline bool xp_has_pollers(struct eventpoll *ep)
{
	lockdep_assert_held(&ep->wq.lock);
	/* no barrier: a poller queues itself first, then takes this lock for its scan */
	return waitqueue_active(&ep->poll_wait);
}

/* Let go of wq.lock. @news: an event of @epi, or of none: wake a waiter before, pollers after. */
static inline void xp_unlock_and_wake(struct eventpoll *ep, const struct epitem *epi, bool news)
	__releases(&ep->wq.lock)
{
	bool pollers = false;

	if (news) {
		xp_wake_waiter(ep, false, epi, 0);
		pollers = xp_has_pollers(ep);
	}
	spin_unlock_irq(&ep->wq.lock);

	if (pollers)
		xp_wake_pollers(ep, NULL, 0);
}

/*
 * The task may have taken a wake-up that it does not use, so it wakes another waiter. @ready: may a
 * wait find an event? Called under wq.lock.
 */
static inline long xp_pass_on(struct eventpoll *ep, bool (*ready)(const struct eventpoll *ep))
{
	spin_lock_irq(&ep->wq.lock);
	if (ready(ep))
		xp_wake_waiter(ep, false, NULL, 0);
	spin_unlock_irq(&ep->wq.lock);
	return -EINTR;
}

/*
 * The queue that @wait is on is about to be freed: take @wait off it. The caller holds
 * the queue's lock. Once whead is NULL, xp_unhook() does not wait for that lock, and the
 * item may be freed.
 */
void xp_callback_free(wait_queue_entry_t *wait);

/*
 * What to do with a wake-up that @epi waits for. @events: as xp_events_of(). The caller holds
 * wq.lock. Return: whether it is news for a waiter.
 */
typedef bool xp_hear_t(struct eventpoll *ep, struct epitem *epi, __poll_t events,
		       __poll_t happened);

/* The body of each callback. @hear: inline, in place of a call. */
static __always_inline int xp_callback_by(wait_queue_entry_t *wait, int sync, void *key,
					  xp_hear_t *hear)
{
	struct epitem *epi = wait->private;
	struct eventpoll *ep = epi->ep;
	__poll_t happened = key_to_poll(key);
	bool pollers = false, consumed = false;
	unsigned long flags;
	__poll_t events;

	spin_lock_irqsave(&ep->wq.lock, flags);
	ep->wake_counts.callbacks++;
	events = xp_events_of(epi, happened);
	xp_trace_callback(epi, events, happened, sync);

	if (xp_wants(events, happened) && hear(ep, epi, events, happened)) {
		if (xp_wake_waiter(ep, sync, epi, happened))
			consumed = xp_consumes(events, happened);
		pollers = xp_has_pollers(ep);
	}
	spin_unlock_irqrestore(&ep->wq.lock, flags);

	if (pollers)
		xp_wake_pollers(ep, epi, happened & EPOLL_URING_WAKE);

	if (unlikely(happened & POLLFREE))
		xp_callback_free(wait);

	/* the waker uses this only for an exclusive wait queue entry */
	return consumed;
}

/*
 * Queue @epi, the item of the instance's own event (post.h), and wake a waiter. The caller
 * holds wq.lock. Return: whether the caller has to wake the pollers.
 */
bool xp_callback_post(struct eventpoll *ep, struct epitem *epi);

/* Put a ready @epi on the ready list, wake a waiter and the pollers; under ep->mtx. */
void xp_make_ready(struct eventpoll *ep, struct epitem *epi);
/* The same at the head of the list. No scan runs. */
void xp_make_ready_first(struct eventpoll *ep, struct epitem *epi);

#endif /* XPOLL_CALLBACK_H */
