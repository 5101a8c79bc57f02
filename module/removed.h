/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A watch that asks for it (XPOLL_CHANGE_REMOVED) tells that it has ended. Its item stays as a
 * record of that: in no tree, table or wait queue, with a file that was never open, and on the
 * ready list until a scan has delivered it. So the end needs no memory and can't be lost, and the
 * record is charged to its user like the watch.
 *
 * A scan that delivers a record puts it on ep->told, and whoever lets go of the mutex frees it
 * (ended.c).
 */
#ifndef XPOLL_REMOVED_H
#define XPOLL_REMOVED_H

#include "wide.h"

/* The file of each item that no scan polls: in its final fput for ever. */
extern struct file xp_no_file;

/* Is @epi, which is on the ready list, a record? */
static inline bool xp_is_removed(const struct epitem *epi)
{
	return xp_is_wide(epi) && epi->file == &xp_no_file;
}

/*
 * Make an item that has ended a record, and wake a waiter and the pollers of its instance; under
 * ep->mtx. No scan runs.
 */
void xp_removed_tell(struct epitem *epi);

/*
 * Poll an item whose file no reference can be taken to; under ep->mtx. @deliver: the caller
 * delivers the event. Return: XPOLL_EVENT_REMOVED for a record, 0 for an item that is about to end.
 */
__poll_t xp_removed_poll(struct epitem *epi, bool deliver);

/* The record that was polled last could not be delivered; under ep->mtx. */
void xp_removed_put_back(struct epitem *epi);

#endif /* XPOLL_REMOVED_H */
