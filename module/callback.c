// SPDX-License-Identifier: GPL-2.0-only
/*
 * What runs when a watched file wakes its wait queue: the item becomes ready, and a
 * waiter and the pollers of the instance are woken.
 *
 * The file calls xp_callback() under the wait queue's lock, from any context that may
 * wake a task.
 */
#include "callback.h"
#include "choose.h"
#include "rdllist.h"
#include "times.h"
#include "trace.h"
#include "wake.h"
#include "wakesource.h"

/* Wake the first waiter in the queue; there is one. */
static void xp_wake_front(struct eventpoll *ep, bool sync)
{
	trace_xpoll_wake(ep, true, sync);
	ep->wake_counts.wakeups++;
	if (sync)
		__wake_up_locked_sync_key(&ep->wq, TASK_NORMAL, NULL);
	else
		wake_up_locked(&ep->wq);
}

void xp_wake_first(struct eventpoll *ep, bool sync, const struct epitem *epi, __poll_t happened)
{
	unsigned int left = EP_EXAMINED_MAX;

	lockdep_assert_held(&ep->wq.lock);
	if (unlikely(!xp_wake_is_native(ep->wake)) && !xp_first_waiter_takes(ep))
		xp_choose_waiter(ep, epi, happened, &left);
	xp_wake_front(ep, sync);
}

#ifdef CONFIG_DEBUG_LOCK_ALLOC

/*
 * Wake-ups of nested instances nest: this task holds the lock of one poll_wait while it
 * takes the next. These locks are of one class, so the subclass of each is its distance
 * from the watched file. The distance of the instance below is stable, since this task
 * holds that instance's lock.
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

static __always_inline void xp_make_ready_at(struct eventpoll *ep, struct epitem *epi, bool first)
{
	bool idle;

	lockdep_assert_held(&ep->mtx);
	spin_lock_irq(&ep->wq.lock);
	idle = list_empty(&epi->rdllink);
	if (idle) {
		if (first)
			list_add(&epi->rdllink, &ep->rdllist);
		else
			xp_rdllist_add_tail(&epi->rdllink, &ep->rdllist);
		ep->arrivals++;
		xp_trace_queue(epi, false);
		xp_wakesource_stay_awake(epi);
	}
	xp_unlock_and_wake(ep, epi, idle);
}

void xp_make_ready(struct eventpoll *ep, struct epitem *epi)
{
	xp_make_ready_at(ep, epi, false);
}

void xp_make_ready_first(struct eventpoll *ep, struct epitem *epi)
{
	xp_make_ready_at(ep, epi, true);
}

/* Queue the item, so that this scan or the next one polls it. */
static __always_inline void xp_queue_item(struct eventpoll *ep, struct epitem *epi)
{
	if (unlikely(xp_scan_running(ep))) {
		/* the scan changes rdllink without the lock */
		if (epi->next != EP_UNACTIVE_PTR)
			return;
		epi->next = ep->ovflist;
		ep->ovflist = epi;
		ep->wake_counts.overflows++;
		xp_trace_queue(epi, true);
	} else {
		if (!list_empty(&epi->rdllink))
			return;
		xp_rdllist_add_tail(&epi->rdllink, &ep->rdllist);
		ep->arrivals++;
		xp_trace_queue(epi, false);
	}
	xp_wakesource_stay_awake(epi);
}

bool xp_callback_post(struct eventpoll *ep, struct epitem *epi)
{
	lockdep_assert_held(&ep->wq.lock);
	xp_queue_item(ep, epi);
	xp_wake_waiter(ep, false, NULL, 0);
	return xp_has_pollers(ep);
}

void xp_callback_free(wait_queue_entry_t *wait)
{
	struct eppoll_entry *pwq = container_of(wait, struct eppoll_entry, wait);

	/* remove_wait_queue() may wait for the lock and delete the entry again */
	list_del_init(&wait->entry);
	/* pairs with xp_unhook(): it sees NULL only after the entry has left */
	smp_store_release(&pwq->whead, NULL);
}

static __always_inline bool xp_hear(struct eventpoll *ep, struct epitem *epi, __poll_t events,
				    __poll_t happened)
{
	xp_queue_item(ep, epi);
	return true;
}

static __always_inline bool xp_hear_times(struct eventpoll *ep, struct epitem *epi,
					  __poll_t events, __poll_t happened)
{
	xp_times_wake(xp_wide(epi));
	return xp_hear(ep, epi, events, happened);
}

int xp_callback(wait_queue_entry_t *wait, unsigned int mode, int sync, void *key)
{
	return xp_callback_by(wait, sync, key, xp_hear);
}

int xp_callback_times(wait_queue_entry_t *wait, unsigned int mode, int sync, void *key)
{
	return xp_callback_by(wait, sync, key, xp_hear_times);
}

/* Whether a waiter of @ep is likely to take @epi's event; it is the first in the queue then. */
static bool xp_waiter_takes_event(struct eventpoll *ep, const struct epitem *epi, __poll_t happened,
				  unsigned int *left)
{
	lockdep_assert_held(&ep->wq.lock);
	/* no barrier: a waiter queues itself under this lock */
	if (!waitqueue_active(&ep->wq) || !xp_consumes(READ_ONCE(epi->events), happened))
		return false;
	return xp_wake_is_native(ep->wake) || xp_first_waiter_takes(ep) ||
	       xp_choose_waiter(ep, epi, happened, left);
}

bool xp_callback_offer(struct epitem *epi, int sync, __poll_t happened, unsigned int *left)
{
	struct eventpoll *ep = epi->ep;
	bool taken, pollers = false;
	unsigned long flags;

	spin_lock_irqsave(&ep->wq.lock, flags);
	taken = xp_waiter_takes_event(ep, epi, happened, left);
	if (taken) {
		ep->wake_counts.callbacks++;
		xp_trace_callback(epi, READ_ONCE(epi->events), happened, sync);
		xp_queue_item(ep, epi);
		xp_several_wake(ep, sync);
		xp_wake_front(ep, sync);
		pollers = xp_has_pollers(ep);
	}
	spin_unlock_irqrestore(&ep->wq.lock, flags);

	if (pollers)
		xp_wake_pollers(ep, epi, happened & EPOLL_URING_WAKE);
	return taken;
}
