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

#include <asm/barrier.h>
#include <linux/hash.h>
#include <linux/list.h>

struct epitem;
struct file;

/* What every close reads; @shift leaves the bits of a hash that number a bucket. */
struct xp_watched_table {
	struct hlist_head *buckets;
	unsigned int shift;
};

extern struct xp_watched_table xp_watched_table;

int xp_watched_init(void);
void xp_watched_exit(void);

/* Under the mutex of the item's instance. */
void xp_watched_add(struct epitem *epi);
void xp_watched_del(struct epitem *epi);

/* Files lie a cache line apart or more; the product spreads what tells them apart. */
static inline unsigned long xp_watched_hash(const struct file *file)
{
	return ((unsigned long)file * GOLDEN_RATIO_64) >> xp_watched_table.shift;
}

/*
 * Is @file, as most files, not even in the bucket of one that is watched? Without RCU,
 * and inline, for a close that has nothing to do with us.
 */
static inline bool xp_watched_none(const struct file *file)
{
	/* pairs with xp_watched_del(): see MEMORY ORDER in eventpoll.h */
	return !smp_load_acquire(&xp_watched_table.buckets[xp_watched_hash(file)].first);
}

/*
 * The items that watch @file, linked by fllink, or NULL; under RCU. A list that is
 * found empty has just lost its last item.
 */
const struct hlist_head *xp_watched_lookup(const struct file *file);

#endif /* XPOLL_WATCHED_H */
