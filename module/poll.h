/* SPDX-License-Identifier: GPL-2.0-only */
/* Poll the file of an item for the events that the item wants. */
#ifndef XPOLL_POLL_H
#define XPOLL_POLL_H

#include <linux/poll.h>

#include "epitem.h"
#include "scan.h"

/*
 * The caller holds a reference to the file and the instance's mutex. @depth: the number of
 * links from the instance that the user called.
 */
static inline __poll_t xp_epitem_poll_held(struct epitem *epi, poll_table *pt, int depth)
{
	struct file *file = epi->file;
	__poll_t revents;

	lockdep_assert_held(&epi->ep->mtx);
	pt->_key = epi->events;
	if (unlikely(xp_eventpoll_of(file)))
		revents = xp_scan_poll(file, pt, depth);
	else
		revents = vfs_poll(file, pt);
	return revents & epi->events;
}

#endif /* XPOLL_POLL_H */
