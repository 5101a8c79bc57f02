// SPDX-License-Identifier: GPL-2.0-only
/*
 * Adds an item to its file's wait queues, which the file's ->poll() passes to
 * poll_wait().
 */
#include "callback.h"
#include "hook.h"
#include "poll.h"

/* A poll table, with what xp_queue_proc() needs besides. */
struct ep_pqueue {
	poll_table pt;
	struct epitem *epi;
	int error;
};

static void xp_queue_proc(struct file *file, wait_queue_head_t *whead, poll_table *pt)
{
	struct ep_pqueue *epq = container_of(pt, struct ep_pqueue, pt);
	struct epitem *epi = epq->epi;
	struct eppoll_entry *pwq;

	if (epq->error)
		return;
	pwq = xp_epitem_add_entry(epi);
	if (!pwq) {
		epq->error = -ENOMEM;
		return;
	}
	init_waitqueue_func_entry(&pwq->wait, xp_callback);
	pwq->wait.private = epi;
	pwq->whead = whead;
	if (epi->events & EPOLLEXCLUSIVE)
		add_wait_queue_exclusive(whead, &pwq->wait);
	else
		add_wait_queue(whead, &pwq->wait);
}

int xp_epitem_hook(struct epitem *epi, __poll_t *revents)
{
	struct ep_pqueue epq = { .epi = epi };

	lockdep_assert_held(&epi->ep->mtx);
	init_poll_funcptr(&epq.pt, xp_queue_proc);
	*revents = xp_epitem_poll_held(epi, &epq.pt, 1);
	return epq.error;
}
