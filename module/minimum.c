// SPDX-License-Identifier: GPL-2.0-only
/*
 * A wait for several events. A task below its minimum stays in the queue of waiters and is not
 * woken: its wake function lets the wake-up pass to the next waiter, and wakes the task once the
 * ready list may be long enough. Then a scan polls the items and counts. What is ready stays on
 * the list meanwhile, for whoever is content with less. Such waiters usually come first, since
 * these queue at the tail. A wake-up that finds none of them passes over each task below its
 * minimum, with interrupts off. They are threads of one user, as those are that a wake-up of
 * pollers wakes.
 *
 * After the minimum's own time, and if the timeout expires or a signal comes, one event is enough.
 */
#include <linux/bitfield.h>
#include <linux/hrtimer.h>
#include <linux/minmax.h>
#include <linux/sched/signal.h>

#include "choose.h"
#include "deadline.h"
#include "minimum.h"
#include "scan.h"
#include "wait.h"

/**
 * struct several_waiter - a task that waits for several events
 * @waiter: as that of any task in WAIT
 * @ep: the instance
 * @enough: from xp_scan_deliver_several()
 */
struct several_waiter {
	struct ep_waiter waiter;
	const struct eventpoll *ep;
	unsigned int enough;
};

/* Can the ready list be as long as @waiter wants it? */
static bool xp_enough_arrived(const struct several_waiter *waiter)
{
	lockdep_assert_held(&waiter->ep->wq.lock);
	/* the counter wraps around; a minimum is less than half of its range */
	return (int)(waiter->ep->arrivals - waiter->enough) >= 0;
}

static int xp_several_wake(wait_queue_entry_t *wait, unsigned int mode, int sync, void *key)
{
	const struct several_waiter *waiter =
		container_of(wait, struct several_waiter, waiter.wait);
	int woken;

	if (!xp_enough_arrived(waiter))
		return 0;
	woken = default_wake_function(wait, mode, sync, key);
	list_del_init_careful(&wait->entry);
	return woken;
}

/* Sleep, unless enough has arrived since the scan that set @enough. */
static void xp_sleep_below(struct eventpoll *ep, struct deadline *end, u32 worker,
			   unsigned int enough)
{
	struct several_waiter several = {
		.waiter.worker = worker,
		.ep = ep,
		.enough = enough,
	};
	wait_queue_entry_t *wait = &several.waiter.wait;
	bool sleep;

	init_waitqueue_func_entry(wait, xp_several_wake);
	wait->private = current;
	wait->flags = WQ_FLAG_EXCLUSIVE;

	spin_lock_irq(&ep->wq.lock);
	__set_current_state(TASK_INTERRUPTIBLE);
	sleep = !xp_enough_arrived(&several);
	if (sleep)
		__add_wait_queue_entry_tail(&ep->wq, wait);
	spin_unlock_irq(&ep->wq.lock);

	if (sleep)
		end->past = !schedule_hrtimeout_range(end->never ? NULL : &end->expires,
						      end->slack, HRTIMER_MODE_ABS);
	__set_current_state(TASK_RUNNING);
	if (!sleep || list_empty_careful(&wait->entry))
		return;

	spin_lock_irq(&ep->wq.lock);
	__remove_wait_queue(&ep->wq, wait);
	spin_unlock_irq(&ep->wq.lock);
}

/* Return: the number of events; 0 if one is enough now, or the timeout expired; or -errno. */
static long xp_wait_several(struct eventpoll *ep, struct epoll_event __user *uevents, int maxevents,
			    struct deadline *end, unsigned int minimum, u32 worker)
{
	unsigned int enough;
	long n;

	for (;;) {
		n = xp_scan_deliver_several(ep, uevents, maxevents, minimum, &enough);
		if (n || end->past || signal_pending(current))
			return n;
		xp_sleep_below(ep, end, worker, enough);
		if (!end->never && ktime_get() >= end->expires)
			end->past = true;
	}
}

long xp_minimum_wait(struct eventpoll *ep, struct epoll_event __user *uevents, int maxevents,
		     s64 timeout_ns, u32 flags, const struct ep_minimum *minimum)
{
	struct deadline end, first;
	long n;

	xp_deadline_set(&end, timeout_ns, flags);
	first = end;
	if (minimum->wait_ns) {
		s64 wait_ns = min_t(u64, minimum->wait_ns, KTIME_MAX);

		xp_deadline_set(&first, wait_ns, 0);
		if (!end.never && end.expires < first.expires)
			first = end;
	}
	n = xp_wait_several(ep, uevents, maxevents, &first, minimum->events,
			    FIELD_GET(XP_WAIT_WORKER, flags));
	if (!n && xp_ready(ep))
		n = xp_scan_deliver(ep, uevents, maxevents);
	if (n)
		return n;
	if (signal_pending(current))
		return -EINTR;
	if (end.never)
		return xp_wait_untraced(ep, uevents, maxevents, -1, flags);
	return xp_wait_untraced(ep, uevents, maxevents, max_t(s64, end.expires, 0),
				(flags & XP_WAIT_WORKER) | XPOLL_WAIT_ABSTIME | XP_WAIT_HOST_TIME);
}
