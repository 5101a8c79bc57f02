/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The table of watched files: which items watch a file, by struct file *.
 *
 * One table for all instances. It answers two questions: does anybody watch the
 * file that is being closed (lastclose.c), and which instances that are watched
 * themselves watch this file (nest.c).
 *
 * The file is a key here and never followed.
 */
#ifndef XPOLL_WATCHED_H
#define XPOLL_WATCHED_H

#include <asm/barrier.h>
#include <linux/hash.h>
#include <linux/list.h>

struct epitem;
struct eventpoll;
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

/* Does anybody watch @file? Under RCU. */
bool xp_watched_lookup(const struct file *file);

/* Return: an instance that watches @file, with a reference, or NULL if none does. */
struct eventpoll *xp_watched_get(const struct file *file);

/* Items that are dealt with in one go, under a spinlock. */
#define XP_BATCH 16

/*
 * The instance of all these @items of one file is watched or about to be: let
 * xp_watched_collect() find them. Under xp_nest_mutex and the instance's mutex.
 */
void xp_watched_promote(struct epitem *const items[], unsigned int nr);

/**
 * struct xp_watchers - some of the watched instances that watch a file
 * @items: how many items were found, one instance having one or more
 * @paths: those up from instances for which the walk knows them, summed
 * @nr: how many items belong to others
 * @eps: their instances, with a reference each
 */
struct xp_watchers {
	unsigned int items;
	unsigned int nr;
	u64 paths;
	struct eventpoll *eps[XP_BATCH];
};

/*
 * Collect the next few watched instances that watch @file, each item once in the walk with
 * the number @walk. Under xp_nest_mutex. Unless @file is held, or an item of it is and
 * cannot go, it is the file of the instance @ep, which is held.
 *
 * Return: whether there may be more.
 */
bool xp_watched_collect(const struct file *file, const struct eventpoll *ep, u64 walk,
			struct xp_watchers *watchers);

#endif /* XPOLL_WATCHED_H */
