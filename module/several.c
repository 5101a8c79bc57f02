// SPDX-License-Identifier: GPL-2.0-only
#include <linux/rbtree.h>
#include <linux/sched.h>

#include "several.h"
#include "trace.h"

static bool xp_several_less(struct rb_node *a, const struct rb_node *b)
{
	const struct ep_several *left = rb_entry(a, struct ep_several, node);
	const struct ep_several *right = rb_entry(b, struct ep_several, node);

	/* all of them are near ep->arrivals, so the order survives its wrapping around */
	return (int)(left->enough - right->enough) < 0;
}

void xp_several_queue(struct eventpoll *ep, struct ep_several *several)
{
	lockdep_assert_held(&ep->wq.lock);
	rb_add_cached(&several->node, &ep->several, xp_several_less);
}

void xp_several_leave(struct eventpoll *ep, struct ep_several *several)
{
	lockdep_assert_held(&ep->wq.lock);
	if (RB_EMPTY_NODE(&several->node))
		return;
	rb_erase_cached(&several->node, &ep->several);
	RB_CLEAR_NODE(&several->node);
}

/*
 * The task takes the lock before it leaves, so it lives. One that is awake already, by a signal or
 * its timeout, scans before it returns, and its scan wakes the next.
 */
bool xp_several_wake_first(struct eventpoll *ep, bool sync)
{
	struct ep_several *first =
		rb_entry(rb_first_cached(&ep->several), struct ep_several, node);

	if (!xp_several_arrived(ep, first))
		return false;
	xp_several_leave(ep, first);
	if (!wake_up_process(first->task))
		return false;
	trace_xpoll_wake(ep, true, sync);
	ep->wake_counts.wakeups++;
	return true;
}
