/* SPDX-License-Identifier: GPL-2.0-only */
/* Poll the file of an item for the events that the item wants. */
#ifndef XPOLL_POLL_H
#define XPOLL_POLL_H

#include <linux/compiler.h>
#include <linux/poll.h>

#include "compat_file.h"
#include "epitem.h"
#include "lastref.h"
#include "scan.h"

/*
 * The caller holds a reference to @file, which is epi->file, and the instance's mutex. @depth: the
 * number of links from the instance that the user called, maybe with XP_POLL_KILLABLE.
 */
static inline __poll_t xp_epitem_poll_held(struct epitem *epi, struct file *file, poll_table *pt,
					   int depth)
{
	__poll_t revents;

	lockdep_assert_held(&epi->ep->mtx);
	pt->_key = READ_ONCE(epi->events);
	if (unlikely(xp_eventpoll_of(file)))
		revents = xp_scan_poll(file, pt, depth);
	else
		revents = vfs_poll(file, pt);
	/* READ_ONCE() costs two instructions more. Behind this the compiler can't read it again. */
	revents &= data_race(epi->events);
	OPTIMIZER_HIDE_VAR(revents);
	return revents;
}

/*
 * The same with a reference that the caller has taken, which this drops. A file whose last
 * descriptor was closed while it was polled has no events; its item is removed with the others in
 * ep->closed.
 */
static __always_inline __poll_t xp_epitem_poll_and_put(struct epitem *epi, struct file *file,
						       poll_table *pt, int depth)
{
	__poll_t revents = xp_epitem_poll_held(epi, file, pt, depth);

	/* read it again rather than save it across ->poll() */
	if (unlikely(xp_file_put_keep_last(epi->file))) {
		xp_lastref_keep(epi);
		return 0;
	}
	return revents;
}

#endif /* XPOLL_POLL_H */
