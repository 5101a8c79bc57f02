/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A scan holds the last reference to a watched file if another thread closes the last
 * descriptor while the scan polls the file.
 *
 * fput() would defer the final fput until the task returns to user space. Before that, a
 * waiter that finds no event may sleep without limit, as may a task that polls an
 * instance in poll(2), select(2) or epoll_wait(2). So the scan keeps the reference and
 * removes its instance's items of the file, as a last close does, and a worker does the
 * final fput.
 */
#ifndef XPOLL_LASTREF_H
#define XPOLL_LASTREF_H

#include "eventpoll.h"

int xp_lastref_init(void);
/* Afterwards no worker executes the module's code. */
void xp_lastref_exit(void);

/* Keep the caller's reference to the file of @epi, the last one, until the scan ends. */
void xp_lastref_keep(struct epitem *epi);

/* Remove the items of all files that the scan kept, and pass the files to workers. */
void xp_lastref_give(struct eventpoll *ep);

#endif /* XPOLL_LASTREF_H */
