// SPDX-License-Identifier: GPL-2.0-only
#include <linux/hash.h>
#include <linux/rculist.h>
#include <linux/rhashtable.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include "epitem.h"
#include "watched.h"

/**
 * struct watched_file - a file that is watched, by any number of items
 * @file: the key
 * @node: place in the table
 * @items: the items, by fllink; never empty while it can be found under the lock
 * @rcu: for the grace period after it has left the table
 *
 * A list of its own, since any user can watch one file as often as he has
 * descriptors, and removing one of many must not take a walk over all.
 */
struct watched_file {
	const struct file *file;
	struct rhash_head node;
	struct hlist_head items;
	struct rcu_head rcu;
};

#define LOCK_BITS 6

static struct kmem_cache *file_cache;
static struct rhashtable table;
/* who may change a file's entry and its list; which, by the file's address */
static spinlock_t locks[1 << LOCK_BITS];

static spinlock_t *xp_watched_lock(const struct file *file)
{
	return &locks[hash_ptr((void *)file, LOCK_BITS)];
}

/* Files lie a cache line apart or more; the product spreads what tells them apart. */
static u32 xp_watched_hash(const void *key, u32 len, u32 seed)
{
	return hash_64(*(const unsigned long *)key ^ seed, 32);
}

static const struct rhashtable_params table_params = {
	.key_len		= sizeof(struct file *),
	.key_offset		= offsetof(struct watched_file, file),
	.head_offset		= offsetof(struct watched_file, node),
	.hashfn			= xp_watched_hash,
	.automatic_shrinking	= true,
};

struct hlist_head *xp_watched_lookup(const struct file *file)
{
	struct watched_file *wf = rhashtable_lookup(&table, &file, table_params);

	return wf ? &wf->items : NULL;
}

int xp_watched_add(struct epitem *epi)
{
	struct watched_file *wf, *new = kmem_cache_zalloc(file_cache, GFP_KERNEL);
	spinlock_t *lock = xp_watched_lock(epi->file);
	int err = 0;

	if (!new)
		return -ENOMEM;
	new->file = epi->file;

	spin_lock(lock);
	wf = rhashtable_lookup_fast(&table, &epi->file, table_params);
	if (!wf) {
		err = rhashtable_insert_fast(&table, &new->node, table_params);
		if (!err)
			swap(wf, new);
	}
	if (wf) {
		epi->watched = wf;
		hlist_add_head_rcu(&epi->fllink, &wf->items);
	}
	spin_unlock(lock);

	if (new)
		kmem_cache_free(file_cache, new);
	/* -EBUSY and -E2BIG too: the table can't grow just now */
	return err ? -ENOMEM : 0;
}

static void xp_watched_free_rcu(struct rcu_head *rcu)
{
	kmem_cache_free(file_cache, container_of(rcu, struct watched_file, rcu));
}

void xp_watched_del(struct epitem *epi)
{
	struct watched_file *wf = epi->watched;
	spinlock_t *lock = xp_watched_lock(epi->file);

	spin_lock(lock);
	hlist_del_rcu(&epi->fllink);
	if (hlist_empty(&wf->items)) {
		WARN_ON_ONCE(rhashtable_remove_fast(&table, &wf->node, table_params));
		call_rcu(&wf->rcu, xp_watched_free_rcu);
	}
	spin_unlock(lock);
}

size_t xp_watched_cost(void)
{
	/* the table has up to two buckets for an entry */
	return kmem_cache_size(file_cache) + 2 * sizeof(struct rhash_lock_head *);
}

int __init xp_watched_init(void)
{
	unsigned int i;
	int err;

	for (i = 0; i < ARRAY_SIZE(locks); i++)
		spin_lock_init(&locks[i]);
	file_cache = kmem_cache_create("xpoll_file", sizeof(struct watched_file), 0,
				       SLAB_ACCOUNT, NULL);
	if (!file_cache)
		return -ENOMEM;
	err = rhashtable_init(&table, &table_params);
	if (err)
		kmem_cache_destroy(file_cache);
	return err;
}

void xp_watched_exit(void)
{
	rhashtable_destroy(&table);
	/* the last entries are freed after their grace period */
	rcu_barrier();
	kmem_cache_destroy(file_cache);
}
