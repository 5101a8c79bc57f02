/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The table of watched files: which items watch a file, by struct file *.
 *
 * One table for all instances. It answers two questions: does anybody watch the
 * file that is being closed (lastclose.c), and who watches this instance (nest.c).
 *
 * The file is a key here and never followed.
 */
#ifndef XPOLL_WATCHED_H
#define XPOLL_WATCHED_H

#include <linux/types.h>

struct epitem;
struct file;

int xp_watched_init(void);
void xp_watched_exit(void);

/* Under the mutex of the item's instance. */
void xp_watched_add(struct epitem *epi);
void xp_watched_del(struct epitem *epi);

/*
 * Is @file, as most files, not even in the bucket of one that is watched? Without RCU,
 * for a close that has nothing to do with us.
 */
bool xp_watched_none(const struct file *file);

/*
 * The items that watch @file, linked by fllink, or NULL; under RCU. A list that is
 * found empty has just lost its last item.
 */
const struct hlist_head *xp_watched_lookup(const struct file *file);

#endif /* XPOLL_WATCHED_H */
