// SPDX-License-Identifier: GPL-2.0-only
/*
 * Adds an item to its file's wait queues, which the file's ->poll() passes to
 * poll_wait().
 */
#include "callback.h"
#include "dispatch.h"
#include "group.h"
#include "hook.h"
#include "peers.h"
#include "poll.h"
#include "ringcall.h"
#include "wide.h"

/* A poll table, with what xp_queue_proc() needs besides. */
struct ep_pqueue {
	poll_table pt;
	struct epitem *epi;
	struct ep_wake *wake; /* the group's policy, of an EXCLUSIVE item */
	wait_queue_func_t callback;
	int error;
};

/* An item that no peer has, or need have. Return: 0 or -ENOMEM. */
static int xp_hook_alone(struct epitem *epi, wait_queue_head_t *whead, wait_queue_func_t callback)
{
	struct eppoll_entry *pwq = xp_epitem_add_entry(epi);

	if (!pwq)
		return -ENOMEM;
	init_waitqueue_func_entry(&pwq->wait, callback);
	pwq->wait.private = epi;
	pwq->whead = whead;
	if (READ_ONCE(epi->events) & EPOLLEXCLUSIVE)
		add_wait_queue_exclusive(whead, &pwq->wait);
	else
		add_wait_queue(whead, &pwq->wait);
	return 0;
}

static void xp_queue_proc(struct file *file, wait_queue_head_t *whead, poll_table *pt)
{
	struct ep_pqueue *epq = container_of(pt, struct ep_pqueue, pt);

	if (epq->error)
		return;
	if (epq->wake)
		epq->error = xp_peers_join(epq->epi, whead, epq->wake, xp_dispatch);
	else
		epq->error = xp_hook_alone(epq->epi, whead, epq->callback);
}

static bool xp_keeps_times(struct epitem *epi)
{
	return xp_is_wide(epi) && (xp_wide(epi)->has & EP_WIDE_TIMES);
}

int xp_epitem_hook(struct epitem *epi, __poll_t *revents)
{
	struct ep_pqueue epq = { .epi = epi, .callback = xp_callback };

	lockdep_assert_held(&epi->ep->mtx);
	if (unlikely(epi->ep->ring))
		epq.callback = xp_ring_callback;
	else if (unlikely(xp_keeps_times(epi)))
		epq.callback = xp_callback_times;
	else if (READ_ONCE(epi->events) & EPOLLEXCLUSIVE)
		epq.wake = xp_group_wake(epi->ep->group);
	init_poll_funcptr(&epq.pt, xp_queue_proc);
	*revents = xp_epitem_poll_held(epi, epi->file, &epq.pt, 1 | XP_POLL_KILLABLE);
	return epq.error;
}
