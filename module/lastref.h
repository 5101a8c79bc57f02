/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A scan holds the last reference to a watched file if another thread closes the last
 * descriptor while the scan polls the file. So may a task that changes a watch and then waits.
 *
 * fput() would defer the final fput until the task returns to user space. Before that, a
 * waiter that finds no event may sleep without limit, as may a task that polls an
 * instance in poll(2), select(2) or epoll_wait(2). So the scan keeps the reference and
 * removes its instance's items of the file, as a last close does, and a worker does the
 * final fput. After a change, the worker's final fput removes them.
 */
#ifndef XPOLL_LASTREF_H
#define XPOLL_LASTREF_H

#include <linux/file.h>

#include "compat_file.h"
#include "eventpoll.h"

int xp_lastref_init(void);
/* Afterwards no worker executes the module's code. */
void xp_lastref_exit(void);

/*
 * Keep the caller's reference to the file of @epi, the last one, until the scan ends. If the item
 * tells of its end, its data moves to ep_wide.data meanwhile.
 */
void xp_lastref_keep(struct epitem *epi);

/* Remove the items of all files that the scan kept, and pass the files to workers. */
void xp_lastref_give(struct eventpoll *ep);

/* Pass @file, to which the caller has the last reference, to a worker. */
void xp_lastref_give_file(struct file *file);

/* As fdput(), for a task that may sleep before it returns to user space. */
static inline void xp_lastref_fdput(struct fd fd)
{
	if ((XP_FD_FLAGS(fd) & FDPUT_FPUT) && unlikely(xp_file_put_keep_last(fd_file(fd))))
		xp_lastref_give_file(fd_file(fd));
}

#endif /* XPOLL_LASTREF_H */
