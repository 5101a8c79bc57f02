/* SPDX-License-Identifier: GPL-2.0-only */
/* What runs when a file that peers watch wakes its wait queue. */
#ifndef XPOLL_DISPATCH_H
#define XPOLL_DISPATCH_H

#include <linux/wait.h>

/* The callback of a struct ep_peer, in place of xp_callback(). */
int xp_dispatch(wait_queue_entry_t *wait, unsigned int mode, int sync, void *key);

#endif /* XPOLL_DISPATCH_H */
