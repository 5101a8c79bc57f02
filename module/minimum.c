// SPDX-License-Identifier: GPL-2.0-only
/*
 * A wait for several events. A task below its minimum is not in the queue of waiters, and is
 * woken once the ready list may be long enough. Then a scan polls the items and counts. What is
 * ready stays on the list meanwhile, for whoever is content with less.
 *
 * After the minimum's own time, and if the timeout expires or a signal comes, one event is
 * enough.
 */
#include <linux/hrtimer.h>
#include <linux/minmax.h>
#include <linux/rcupdate.h>
#include <linux/sched/signal.h>

#include "busypoll.h"
#include "deadline.h"
#include "minimum.h"
#include "ringscan.h"
#include "scan.h"
#include "several.h"
#include "wait.h"

/* Sleep, unless enough has arrived since the scan that set @enough. */
static void xp_sleep_below(struct eventpoll *ep, struct deadline *end, unsigned int enough)
{
	struct ep_several several = { .task = current, .enough = enough };
	bool sleep;

	spin_lock_irq(&ep->wq.lock);
	__set_current_state(TASK_INTERRUPTIBLE);
	sleep = !xp_several_arrived(ep, &several);
	if (sleep)
		xp_several_queue(ep, &several);
	spin_unlock_irq(&ep->wq.lock);

	if (sleep)
		end->past = !schedule_hrtimeout_range(end->never ? NULL : &end->expires,
						      end->slack, HRTIMER_MODE_ABS);
	__set_current_state(TASK_RUNNING);
	if (!sleep) {
		/* as in xp_sleep_until_ready() */
		cond_resched_tasks_rcu_qs();
		return;
	}

	/* even if a wake-up took it out: that one may still be using it */
	spin_lock_irq(&ep->wq.lock);
	xp_several_leave(ep, &several);
	spin_unlock_irq(&ep->wq.lock);
}

/* Before the scan that takes what is ready off the list. */
static void xp_learn_device(struct eventpoll *ep)
{
	if (unlikely(xp_busy_usecs(ep)))
		xp_busy_learn(ep);
}

/* Return: the number of events; 0 if one is enough now, or the timeout expired; or -errno. */
static long xp_wait_several(struct eventpoll *ep, struct epoll_event __user *uevents,
			    const struct ep_extended *extended, int maxevents,
			    struct deadline *end, unsigned int minimum)
{
	unsigned int enough;
	long n;

	for (;;) {
		n = ep->ring ? xp_ring_deliver_several(ep, uevents, maxevents, minimum, &enough) :
			       xp_scan_deliver_several(ep, uevents, extended, maxevents, minimum,
						       &enough);
		if (n || end->past || signal_pending(current))
			return n;
		xp_sleep_below(ep, end, enough);
		xp_learn_device(ep);
		if (!end->never && ktime_get() >= end->expires)
			end->past = true;
	}
}

/* A wait that one event ends. */
static long xp_wait_for_one(struct eventpoll *ep, struct epoll_event __user *uevents,
			    const struct ep_extended *extended, int maxevents, s64 timeout_ns,
			    u32 flags)
{
	return extended ? xp_wait_extended(ep, extended, maxevents, timeout_ns, flags) :
			  xp_wait_untraced(ep, uevents, maxevents, timeout_ns, flags);
}

long xp_minimum_wait(struct eventpoll *ep, struct epoll_event __user *uevents,
		     const struct ep_extended *extended, int maxevents, s64 timeout_ns, u32 flags,
		     const struct ep_minimum *minimum)
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
	n = xp_wait_several(ep, uevents, extended, maxevents, &first, minimum->events);
	if (n)
		return n;
	if (ep->ring) {
		n = xp_ring_deliver(ep, uevents, maxevents);
	} else if (xp_ready(ep)) {
		xp_learn_device(ep);
		n = extended ? xp_scan_deliver_extended(ep, extended, maxevents) :
			       xp_scan_deliver(ep, uevents, maxevents);
	}
	if (n)
		return n;
	if (!end.never && ktime_get() >= end.expires)
		return 0;
	if (signal_pending(current))
		return -EINTR;
	if (end.never)
		return xp_wait_for_one(ep, uevents, extended, maxevents, -1, flags);
	return xp_wait_for_one(ep, uevents, extended, maxevents, max_t(s64, end.expires, 0),
			       (flags & XP_WAIT_WORKER) | XPOLL_WAIT_ABSTIME | XP_WAIT_HOST_TIME);
}
