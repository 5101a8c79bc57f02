// SPDX-License-Identifier: GPL-2.0-only
/*
 * Each bucket chains one item of each file in it, the file's head, and the head has
 * the list of all items of the file, itself included. So neither many files nor
 * many items of one file make anybody else's close slow: a user can watch a file as
 * often as he has descriptors. If the head leaves, the next item becomes the head.
 *
 * A reader who found the former head goes on along its list: that ends where the
 * list ends, and what has left it meanwhile is there until he is done.
 */
#include <linux/mm.h>
#include <linux/rculist.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include "epitem.h"
#include "watched.h"

/* A bucket for so many bytes of memory: 4 % of it may be one user's watches. */
#define BYTES_PER_BUCKET (16 << 10)
#define MIN_BUCKET_BITS 12
#define MAX_BUCKET_BITS 26
#define LOCK_BITS 6

struct xp_watched_table xp_watched_table __ro_after_init;

/* Who may change a bucket: whoever has the lock with the low bits of its number. */
static struct {
	spinlock_t lock; /* its buckets' chains, and the lists of the files in them */
} ____cacheline_aligned_in_smp locks[1 << LOCK_BITS];

static struct hlist_head *xp_watched_bucket(unsigned long hash)
{
	return &xp_watched_table.buckets[hash];
}

static spinlock_t *xp_watched_lock(unsigned long hash)
{
	return &locks[hash & (ARRAY_SIZE(locks) - 1)].lock;
}

static struct epitem *xp_watched_head(const struct file *file, unsigned long hash)
{
	struct epitem *epi;

	hlist_for_each_entry_rcu(epi, xp_watched_bucket(hash), bucket_link,
				 lockdep_is_held(xp_watched_lock(hash))) {
		if (epi->file == file)
			return epi;
	}
	return NULL;
}

const struct hlist_head *xp_watched_lookup(const struct file *file)
{
	struct epitem *head = xp_watched_head(file, xp_watched_hash(file));

	return head ? &head->file_items : NULL;
}

void xp_watched_add(struct epitem *epi)
{
	unsigned long hash = xp_watched_hash(epi->file);
	spinlock_t *lock = xp_watched_lock(hash);
	struct epitem *head;

	INIT_HLIST_NODE(&epi->bucket_link);
	INIT_HLIST_HEAD(&epi->file_items);

	spin_lock(lock);
	head = xp_watched_head(epi->file, hash);
	hlist_add_head_rcu(&epi->fllink, head ? &head->file_items : &epi->file_items);
	if (!head)
		hlist_add_head_rcu(&epi->bucket_link, xp_watched_bucket(hash));
	spin_unlock(lock);
}

/* @old, the head, has left its list and others have not. */
static void xp_watched_replace_head(struct epitem *old)
{
	struct hlist_node *first = old->file_items.first;
	struct epitem *head = hlist_entry(first, struct epitem, fllink);

	/* not hlist_move_list(): readers of the old head need its pointer */
	head->file_items.first = first;
	WRITE_ONCE(first->pprev, &head->file_items.first);
	hlist_replace_rcu(&old->bucket_link, &head->bucket_link);
}

void xp_watched_del(struct epitem *epi)
{
	spinlock_t *lock = xp_watched_lock(xp_watched_hash(epi->file));

	spin_lock(lock);
	/* all that we did to the file comes before; pairs with xp_last_close() */
	smp_mb__after_spinlock();
	hlist_del_rcu(&epi->fllink);
	if (!hlist_empty(&epi->file_items))
		xp_watched_replace_head(epi);
	else if (!hlist_unhashed(&epi->bucket_link))
		hlist_del_rcu(&epi->bucket_link);
	spin_unlock(lock);
}

int __init xp_watched_init(void)
{
	u64 wanted = ((u64)totalram_pages() << PAGE_SHIFT) / BYTES_PER_BUCKET;
	unsigned int bits = clamp_t(unsigned int, ilog2(wanted), MIN_BUCKET_BITS, MAX_BUCKET_BITS);
	unsigned int i;

	BUILD_BUG_ON(BITS_PER_LONG != 64); /* xp_watched_hash() */
	for (i = 0; i < ARRAY_SIZE(locks); i++)
		spin_lock_init(&locks[i].lock);
	xp_watched_table.shift = BITS_PER_LONG - bits;
	xp_watched_table.buckets = kvcalloc(1UL << bits, sizeof(struct hlist_head), GFP_KERNEL);
	return xp_watched_table.buckets ? 0 : -ENOMEM;
}

void xp_watched_exit(void)
{
	kvfree(xp_watched_table.buckets);
}
