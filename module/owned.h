/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Owned watches end with their descriptor. Their table, one for all instances, finds them by the
 * watched file and by the files_struct in which the descriptor is a number, their owner. A close
 * of a descriptor looks here (fdclose.c). Who closes a number in another files_struct, of a file
 * that is watched a thousand times, meets none of these watches.
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
 */
struct xp_owned_table {
	struct hlist_head *buckets;
	unsigned int shift;
	atomic_t instances;
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

/*
 * Files and owners lie at multiples of 64 and differ in their low bits, which the shift keeps
 * apart. The product spreads both.
 */
static inline unsigned long xp_owned_hash(const struct file *file, const struct files_struct *owner)
{
	unsigned long key = (unsigned long)file ^ (unsigned long)owner << 20;

	return (key * GOLDEN_RATIO_64) >> xp_owned_table.shift;
}

/*
 * Is the bucket of the pair empty, as for most? Without RCU, since every close asks. Why it misses
 * no watch is said in owned.c, and ADD raises @instances before it puts the first one there.
 */
static inline bool xp_owned_none(const struct file *file, const struct files_struct *owner)
{
	if (!atomic_read(&xp_owned_table.instances))
		return true;
	/* pairs with xp_owned_take() */
	return !smp_load_acquire(&xp_owned_table.buckets[xp_owned_hash(file, owner)].first);
}

/* Has the pair an owned watch? The caller is an RCU reader. */
bool xp_owned_lookup(const struct file *file, const struct files_struct *owner);

/*
 * Put an item whose owner, file, instance and descriptor are set into the table. The caller holds
 * the mutex of the item's instance, here and in the next two. Return: 0, or -ENOSPC if there are
 * XP_OWNED_MAX of the pair.
 */
int xp_owned_add(struct ep_wide *wide);
/* The item leaves the table, or the instance's list of ended items. */
void xp_owned_del(struct ep_wide *wide);
/*
 * Is the number of @wide, which xp_owned_add() put into the table, a descriptor of its file still,
 * and has no close ended the watch? Its owner is the caller's. If not, no close will find it.
 */
bool xp_owned_stands(const struct ep_wide *wide);

#define XP_ENDED_MAX 16

/*
 * Take the watches of the pair out of the table whose numbers have ended, disarm them, and put them
 * on the lists of their instances. The caller closes a descriptor of @file in @owner. Store in @eps
 * these instances, XP_ENDED_MAX at most, with a reference to each; one may be there several
 * times. If there are as many, there may be more. Return: their number.
 */
unsigned int xp_owned_collect(const struct file *file, struct files_struct *owner,
			      struct eventpoll **eps);

/* An instance that has had owned watches ends. */
void xp_owned_forget(void);

#endif /* XPOLL_OWNED_H */
