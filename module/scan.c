// SPDX-License-Identifier: GPL-2.0-only
#include "poll.h"
#include "scan.h"
#include "trace.h"
#include "wakesource.h"

void xp_merge_overflow(struct eventpoll *ep)
{
	struct epitem *epi, *next;

	lockdep_assert_held(&ep->wq.lock);
	for (epi = ep->ovflist; epi; epi = next) {
		next = epi->next;
		epi->next = EP_UNACTIVE_PTR;
		/* unless it was not looked at yet or is kept: then it will be looked at anyway */
		if (list_empty(&epi->rdllink)) {
			/* latest first, each put before the last: oldest ends up first */
			list_add(&epi->rdllink, &ep->rdllist);
			xp_wakesource_stay_awake(epi);
		}
	}
	ep->ovflist = NULL;
}

/*
 * The first item that is ready, as a place in the list, or the list itself. What is not
 * ready leaves it: the next caller need not ask it again.
 */
static struct list_head *xp_poll_until_ready(struct eventpoll *ep, int depth)
{
	struct epitem *epi, *next;
	poll_table pt;

	init_poll_funcptr(&pt, NULL);
	list_for_each_entry_safe(epi, next, &ep->rdllist, rdllink) {
		if (xp_epitem_poll(epi, &pt, depth))
			break;
		xp_wakesource_relax(epi);
		list_del_init(&epi->rdllink);
	}
	return &epi->rdllink;
}

__poll_t xp_scan_poll(struct file *file, poll_table *pt, int depth)
{
	struct eventpoll *ep = file->private_data;
	bool ready = false;

	poll_wait(file, &ep->poll_wait, pt);

	mutex_lock_nested(&ep->mtx, depth);
	if (xp_scan_begin(ep)) {
		struct list_head *first;

		trace_xpoll_scan_begin(ep, 0);
		first = xp_poll_until_ready(ep, depth + 1);
		ready = first != &ep->rdllist;
		xp_scan_end(ep, first);
		trace_xpoll_scan_end(ep, ready);
	}
	mutex_unlock(&ep->mtx);
	return ready ? EPOLLIN | EPOLLRDNORM : 0;
}
