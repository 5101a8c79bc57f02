/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The last reference to a watched file, where a scan is left with it: another thread
 * closed the last descriptor while the scan asked the file.
 *
 * fput() would end the file when the task returns to user space. A waiter that finds no
 * event sleeps before that, without limit, and so does a task in poll(2), select(2) or
 * epoll_wait(2) that looked at an instance. So the scan keeps the reference, removes the
 * item, as the last close would, and a worker drops the reference.
 */
#ifndef XPOLL_LASTREF_H
#define XPOLL_LASTREF_H

#include "eventpoll.h"

int xp_lastref_init(void);
/* Afterwards no worker executes the module's code. */
void xp_lastref_exit(void);

/* The caller's reference to the file of @epi is the last one: keep it until the scan ends. */
void xp_lastref_keep(struct epitem *epi);

/* Remove the items that the scan kept, and give their files away. */
void xp_lastref_give(struct eventpoll *ep);

#endif /* XPOLL_LASTREF_H */
