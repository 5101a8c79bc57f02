/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Owned watches end with their descriptor. Their table, one for all instances, finds them by the
 * files_struct in which the descriptor is a number, their owner, and then by the watched file. A
 * close of a descriptor looks here (fdclose.c). Who closes a number in another files_struct meets
 * none of these watches, however many there are, and of whatever file.
 *
 * The table dereferences no file. It dereferences an owner only for a caller that keeps it: the
 * task that closes a descriptor in it, or that adds a watch of one.
 */
#ifndef XPOLL_OWNED_H
#define XPOLL_OWNED_H

#include <linux/atomic.h>
#include <linux/hash.h>
#include <linux/list.h>

#include "wide.h"

struct eventpoll;
struct file;
struct files_struct;

/*
 * Every close in the system reads this, once the hook is attached. As struct xp_watched_table.
 * @instances: the number of instances that have had owned watches. It rarely changes, and as long
 *	as it is zero a close reads no bucket.
 * @counts: how many watches of pairs of a file and an owner with this hash there are. Most closes
 *	in a process with owned watches read a zero, and need no lock.
 */
struct xp_owned_table {
	struct hlist_head *buckets;
	unsigned int shift;
	atomic_t instances;
	unsigned int count_shift;
	atomic_t *counts;
};

extern struct xp_owned_table xp_owned_table;

/* Allocate the table, unless it is there. Return: 0 or -ENOMEM. */
int xp_owned_make(void);
void xp_owned_exit(void);

/*
 * The most owned watches of one file in one files_struct. A close in this files_struct of a
 * descriptor of this file looks at all of them, under a spinlock, and close_range() or exec may
 * close all of them at once.
 */
#define XP_OWNED_MAX 256

/* The product spreads the address bits in which owners differ. */
static inline unsigned long xp_owned_hash(const struct files_struct *files)
{
	return ((unsigned long)files * GOLDEN_RATIO_64) >> xp_owned_table.shift;
}

/* The number of watches of pairs with the same hash. */
static inline atomic_t *xp_owned_count(const struct file *file, const struct files_struct *files)
{
	unsigned long key = (unsigned long)file ^ (unsigned long)files << 20;

	return &xp_owned_table.counts[(key * GOLDEN_RATIO_64) >> xp_owned_table.count_shift];
}

/*
 * Is the bucket of @files empty, as for most, or has it surely no watch of @file? Without RCU,
 * since every close asks. Why it misses no watch is said in owned.c, and ADD raises @instances
 * before it puts the first one there.
 */
static inline bool xp_owned_none(const struct file *file, const struct files_struct *files)
{
	if (!atomic_read(&xp_owned_table.instances))
		return true;
	/* pairs with xp_owner_uncharge() */
	if (!smp_load_acquire(&xp_owned_table.buckets[xp_owned_hash(files)].first))
		return true;
	/* pairs with xp_owner_uncharge() as well */
	return !atomic_read_acquire(xp_owned_count(file, files));
}

/*
 * Put an item whose file, instance and descriptor are set into the table, and set its owner,
 * @files. The caller holds the mutex of the item's instance, here and in the next two. Return: 0;
 * -ENOSPC if there are XP_OWNED_MAX of the pair of file and owner; or -ENOMEM.
 */
int xp_owned_add(struct ep_wide *wide, const struct files_struct *files);
/* The item leaves the table, or the instance's list of ended items, and has no owner afterwards. */
void xp_owned_del(struct ep_wide *wide);
/*
 * Is the number of @wide, which xp_owned_add() put into the table, a descriptor of its file still,
 * and has no close ended the watch? @files, its owner, is the caller's. If not, no close will find
 * it.
 */
bool xp_owned_stands(const struct ep_wide *wide, struct files_struct *files);

/* The most items that leave the table under one hold of the owner's lock. */
#define XP_ENDED_MAX 16

/**
 * struct xp_owned_taken - watches of one instance whose numbers have ended
 * @ep: the instance, with a reference
 * @locked: the caller has got the mutex of @ep, and removes @items. Otherwise another task had it,
 *	and the items are on @ep->ended.
 * @more: there may be more, of this instance or others
 * @items: the items, by @owned_link
 */
struct xp_owned_taken {
	struct eventpoll *ep;
	bool locked;
	bool more;
	struct hlist_head items;
};

/*
 * Take up to XP_ENDED_MAX watches of @file, of one instance, out of the table whose numbers have
 * ended, and disarm them. The caller closes a descriptor of @file in @files. Return: whether there
 * are any; if not, @taken is not set.
 */
bool xp_owned_collect(const struct file *file, struct files_struct *files,
		      struct xp_owned_taken *taken);

/* An instance that has had owned watches ends. */
void xp_owned_forget(void);

#endif /* XPOLL_OWNED_H */
