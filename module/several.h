/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tasks that wait for several events. They are not in the queue of waiters: a wake-up would pass
 * over each of them that is below its minimum, with interrupts off. In a tree by what they wait for
 * it looks at the first one only.
 */
#ifndef XPOLL_SEVERAL_H
#define XPOLL_SEVERAL_H

#include "eventpoll.h"

/**
 * struct ep_several - a task that waits for several events; on its stack
 * @node: place in ep->several [wq.lock]
 * @task: sleeps
 * @enough: value of ep->arrivals at which the ready list may be long enough
 */
struct ep_several {
	struct rb_node node;
	struct task_struct *task;
	unsigned int enough;
};

/* May the ready list be as long as the task wants it? */
static inline bool xp_several_arrived(const struct eventpoll *ep, const struct ep_several *several)
{
	lockdep_assert_held(&ep->wq.lock);
	/* the counter wraps around; a minimum is less than half of its range */
	return (int)(ep->arrivals - several->enough) >= 0;
}

/* The caller holds wq.lock, and has set the state in which its task sleeps. */
void xp_several_queue(struct eventpoll *ep, struct ep_several *several);
/* Leave the tree, unless a wake-up has taken the task out; under wq.lock. */
void xp_several_leave(struct eventpoll *ep, struct ep_several *several);

/* As xp_several_wake(); there is a task. */
bool xp_several_wake_first(struct eventpoll *ep, bool sync);

/*
 * Wake the task that waits for the fewest further events, if it may have enough. The caller
 * holds wq.lock. Return: whether a task was woken.
 */
static inline bool xp_several_wake(struct eventpoll *ep, bool sync)
{
	return unlikely(ep->several.rb_leftmost) && xp_several_wake_first(ep, sync);
}

#endif /* XPOLL_SEVERAL_H */
