/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Asking an item's file what is ready of what the item wants, under the instance's
 * mutex. @depth: links from the instance that the user called. Inline: this is done
 * for every event.
 */
#ifndef XPOLL_POLL_H
#define XPOLL_POLL_H

#include <linux/file.h>
#include <linux/poll.h>

#include "compat.h"
#include "epitem.h"
#include "lastref.h"
#include "scan.h"

/* The caller has a reference to the file. */
static inline __poll_t xp_epitem_poll_held(struct epitem *epi, poll_table *pt, int depth)
{
	struct file *file = epi->file;
	__poll_t revents;

	pt->_key = epi->events;
	if (unlikely(xp_eventpoll_of(file)))
		revents = xp_scan_poll(file, pt, depth);
	else
		revents = vfs_poll(file, pt);
	return revents & epi->events;
}

/*
 * The same without a reference, by a scan. A file in its last close is not asked and has
 * nothing: its item is about to be removed. Nor has a file that lost its last descriptor
 * while it was asked.
 */
static inline __poll_t xp_epitem_poll(struct epitem *epi, poll_table *pt, int depth)
{
	__poll_t revents;

	if (!xp_file_get_live(epi->file))
		return 0;
	revents = xp_epitem_poll_held(epi, pt, depth);
	if (unlikely(xp_file_put_keep_last(epi->file))) {
		xp_lastref_keep(epi);
		return 0;
	}
	return revents;
}

#endif /* XPOLL_POLL_H */
