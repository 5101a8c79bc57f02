// SPDX-License-Identifier: GPL-2.0-only
/*
 * A bucket chains the first item of each of its pairs of a file and an owner. The first item
 * begins the list of the pair's items, which NULL ends. So a close of another pair passes one item
 * of this pair, however many it has.
 *
 * Chains and lists are read under RCU or the bucket's lock. A new item goes behind the first one.
 * If the first one leaves, the second takes its place, and a reader at the one that left goes on to
 * the second.
 *
 * Why no close misses a watch: the table of descriptors changes under its file_lock. ADD puts the
 * item into this table and then looks under file_lock whether the number stands
 * (xp_owned_stands()). A close clears the number under file_lock and then looks here. Whichever
 * takes the lock second sees what the other one did. A table of descriptors that is about to be
 * freed is cleared without the lock, after the last task that could add a watch has let it go.
 */
#include <linux/fdtable.h>
#include <linux/file.h>
#include <linux/rculist.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include "owned.h"
#include "watched.h"

#define LOCK_BITS 6

/* Set before the hook is attached. */
struct xp_owned_table xp_owned_table __read_mostly;

/* As in watched.c. Neither the callback nor RCU takes them, so interrupts stay on. */
static struct {
	spinlock_t lock; /* chains of its buckets, lists of the pairs in them */
} ____cacheline_aligned_in_smp locks[1 << LOCK_BITS];

static struct hlist_head *xp_owned_bucket(unsigned long hash)
{
	return &xp_owned_table.buckets[hash];
}

static spinlock_t *xp_owned_lock(unsigned long hash)
{
	return &locks[hash & (ARRAY_SIZE(locks) - 1)].lock;
}

static unsigned long xp_owned_hash_of(const struct ep_wide *wide)
{
	return xp_owned_hash(wide->item.file, wide->owner);
}

/* Return: the pair's first item, or NULL. */
static struct ep_wide *xp_owned_first(const struct file *file, const struct files_struct *owner,
				      unsigned long hash)
{
	struct ep_wide *wide;

	hlist_for_each_entry_rcu(wide, xp_owned_bucket(hash), owned_head,
				 lockdep_is_held(xp_owned_lock(hash))) {
		if (wide->item.file == file && wide->owner == owner)
			return wide;
	}
	return NULL;
}

struct ep_wide *xp_owned_lookup(const struct file *file, const struct files_struct *owner)
{
	return xp_owned_first(file, owner, xp_owned_hash(file, owner));
}

int xp_owned_add(struct ep_wide *wide)
{
	unsigned long hash = xp_owned_hash_of(wide);
	spinlock_t *lock = xp_owned_lock(hash);
	struct ep_wide *first;
	int err = 0;

	lockdep_assert_held(&wide->item.ep->mtx);
	INIT_HLIST_NODE(&wide->owned_link);
	INIT_HLIST_NODE(&wide->owned_head);
	spin_lock(lock);
	first = xp_owned_first(wide->item.file, wide->owner, hash);
	if (!first) {
		wide->owned_nr = 1;
		hlist_add_head_rcu(&wide->owned_head, xp_owned_bucket(hash));
	} else if (first->owned_nr < XP_OWNED_MAX) {
		first->owned_nr++;
		hlist_add_behind_rcu(&wide->owned_link, &first->owned_link);
	} else {
		err = -ENOSPC;
	}
	wide->owned = !err;
	spin_unlock(lock);
	return err;
}

/* The second item, if there is one, takes the place of @first. Its list is what follows it. */
static void xp_owned_del_first(struct ep_wide *first)
{
	struct ep_wide *second = hlist_entry_safe(first->owned_link.next, struct ep_wide,
						  owned_link);

	if (!second) {
		hlist_del_rcu(&first->owned_head);
		return;
	}
	second->owned_nr = first->owned_nr - 1;
	WRITE_ONCE(second->owned_link.pprev, NULL);
	hlist_replace_rcu(&first->owned_head, &second->owned_head);
}

void xp_owned_del(struct ep_wide *wide)
{
	unsigned long hash = xp_owned_hash_of(wide);
	spinlock_t *lock = xp_owned_lock(hash);

	lockdep_assert_held(&wide->item.ep->mtx);
	spin_lock(lock);
	if (!hlist_unhashed(&wide->owned_head)) {
		xp_owned_del_first(wide);
	} else {
		xp_owned_first(wide->item.file, wide->owner, hash)->owned_nr--;
		hlist_del_rcu(&wide->owned_link);
	}
	wide->owned = false;
	spin_unlock(lock);
}

bool xp_owned_stands(const struct ep_wide *wide)
{
	struct files_struct *owner = wide->owner;
	bool stands;

	lockdep_assert_held(&wide->item.ep->mtx);
	spin_lock(&owner->file_lock);
	stands = files_lookup_fd_locked(owner, wide->item.fd) == wide->item.file;
	spin_unlock(&owner->file_lock);
	return stands;
}

bool xp_owned_ended(const struct ep_wide *wide, struct files_struct *owner)
{
	RCU_LOCKDEP_WARN(!rcu_read_lock_held(), "a table of descriptors is read outside RCU");
	if (wide->owner != owner)
		return false;
	return !atomic_read(&owner->count) ||
	       files_lookup_fd_raw(owner, wide->item.fd) != wide->item.file;
}

/*
 * The instance of an item in the table exists: its file drops its reference only after its items
 * have left the table. Return: false if the item has left.
 */
static bool xp_owned_get(struct ep_wide *wide, struct xp_ended *ended)
{
	spinlock_t *lock = xp_owned_lock(xp_owned_hash_of(wide));
	bool owned;

	spin_lock(lock);
	owned = wide->owned;
	if (owned) {
		ended->ep = wide->item.ep;
		ended->fd = wide->item.fd;
		refcount_inc(&ended->ep->refcount);
	}
	spin_unlock(lock);
	return owned;
}

unsigned int xp_owned_collect(struct ep_wide *wide, struct files_struct *owner,
			      struct xp_ended *ended)
{
	unsigned int nr = 0;

	while (wide && nr < XP_ENDED_MAX) {
		if (xp_owned_ended(wide, owner) && xp_owned_get(wide, &ended[nr]))
			nr++;
		wide = hlist_entry_safe(rcu_dereference(hlist_next_rcu(&wide->owned_link)),
					struct ep_wide, owned_link);
	}
	return nr;
}

int xp_owned_make(void)
{
	unsigned int bits = xp_watched_bits(), i;

	if (xp_owned_table.buckets)
		return 0;
	for (i = 0; i < ARRAY_SIZE(locks); i++)
		spin_lock_init(&locks[i].lock);
	xp_owned_table.shift = BITS_PER_LONG - bits;
	xp_owned_table.buckets = kvcalloc(1UL << bits, sizeof(struct hlist_head), GFP_KERNEL);
	return xp_owned_table.buckets ? 0 : -ENOMEM;
}

void xp_owned_exit(void)
{
	kvfree(xp_owned_table.buckets);
}
