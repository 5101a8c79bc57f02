/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The table of watched files, one for all instances, finds the items that watch a file by
 * the file's address. It answers two questions: which items does a final fput have to remove
 * (lastclose.c), and which watched instances watch a file (nest.c).
 *
 * The table never dereferences the file.
 */
#ifndef XPOLL_WATCHED_H
#define XPOLL_WATCHED_H

#include <asm/barrier.h>
#include <linux/hash.h>
#include <linux/list.h>

struct epitem;
struct eventpoll;
struct file;

/* Every final fput reads this. @shift reduces a hash to the number of a bucket. */
struct xp_watched_table {
	struct hlist_head *buckets;
	unsigned int shift;
};

extern struct xp_watched_table xp_watched_table;

int xp_watched_init(void);
void xp_watched_exit(void);

/* The caller holds @mtx and @tree_mutex of the item's instance. */
void xp_watched_add(struct epitem *epi);
void xp_watched_del(struct epitem *epi);

/* The product spreads the address bits in which files differ: they are cache-line aligned. */
static inline unsigned long xp_watched_hash(const struct file *file)
{
	return ((unsigned long)file * GOLDEN_RATIO_64) >> xp_watched_table.shift;
}

/*
 * Is the bucket of @file empty, as for most files? Inline and without RCU, since every final
 * fput in the system asks.
 */
static inline bool xp_watched_none(const struct file *file)
{
	/* pairs with xp_watched_del(); see MEMORY ORDER in eventpoll.h */
	return !smp_load_acquire(&xp_watched_table.buckets[xp_watched_hash(file)].first);
}

/* Does any item watch @file? The caller is an RCU reader. */
bool xp_watched_lookup(const struct file *file);

/* Return: an instance that watches @file, with a reference, or NULL if none does. */
struct eventpoll *xp_watched_get(const struct file *file);

/* Limit of the items that are handled under a bucket's lock at once. */
#define XP_BATCH 16

/*
 * Let xp_watched_collect() find @items, items of one file and one instance, since the instance is
 * watched or about to be. The caller holds xp_nest_mutex, and @mtx or @tree_mutex of the instance,
 * so that none of the items leaves.
 */
void xp_watched_promote(struct epitem *const items[], unsigned int nr);

/**
 * struct xp_watchers - some of the watched instances that watch a file
 * @items: number of items found; an instance may have several
 * @nr: number of @eps
 * @paths: sum of the paths up from instances for which the walk knows them
 * @eps: the instances of the other items, with a reference each
 */
struct xp_watchers {
	unsigned int items;
	unsigned int nr;
	u64 paths;
	struct eventpoll *eps[XP_BATCH];
};

/*
 * Collect the next few watched instances that watch @file. The walk with the number @walk
 * gets each item once. The caller holds xp_nest_mutex. @ep is NULL if the caller keeps
 * @file from being freed, by a reference or by an item that can't be removed. Otherwise
 * @file is the file of the instance @ep, to which the caller has a reference.
 *
 * Return: whether there may be more.
 */
bool xp_watched_collect(const struct file *file, const struct eventpoll *ep, u64 walk,
			struct xp_watchers *watchers);

#endif /* XPOLL_WATCHED_H */
