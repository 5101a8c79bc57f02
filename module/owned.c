// SPDX-License-Identifier: GPL-2.0-only
/*
 * A bucket chains the first item of each of its pairs of a file and an owner. The first item
 * begins the list of the pair's items, which NULL ends. So a close of another pair passes one item
 * of this pair, however many it has.
 *
 * Chains are read under RCU or the bucket's lock, lists under the bucket's lock only. A new item
 * goes behind the first one. If the first one leaves, the second takes its place.
 *
 * Why no close misses a watch: the table of descriptors changes under its file_lock. ADD puts the
 * item into this table and then looks under file_lock whether the number stands
 * (xp_owned_stands()). A close clears the number under file_lock and then looks here. Whichever
 * takes the lock second sees what the other one did. A table of descriptors that is about to be
 * freed is cleared without the lock, after the last task that could add a watch has let it go.
 */
#include <linux/fdtable.h>
#include <linux/file.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/rculist.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include "owned.h"

/*
 * One bucket per 64 KiB of memory: while there are owned watches most closes in the system read a
 * random one, so the table should fit into the caches. Watches of one user that fill the quota put
 * about a dozen into each.
 */
#define BYTES_PER_BUCKET (64 << 10)
#define MIN_BUCKET_BITS 10
#define MAX_BUCKET_BITS 20
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

bool xp_owned_lookup(const struct file *file, const struct files_struct *owner)
{
	RCU_LOCKDEP_WARN(!rcu_read_lock_held(), "the table of owned watches is read outside RCU");
	return xp_owned_first(file, owner, xp_owned_hash(file, owner));
}

int xp_owned_add(struct ep_wide *wide)
{
	unsigned long hash = xp_owned_hash_of(wide);
	struct eventpoll *ep = wide->item.ep;
	spinlock_t *lock = xp_owned_lock(hash);
	struct ep_wide *first;
	int err = 0;

	lockdep_assert_held(&ep->mtx);
	if (!ep->owns) {
		ep->owns = true;
		atomic_inc(&xp_owned_table.instances);
	}
	INIT_HLIST_NODE(&wide->owned_link);
	INIT_HLIST_NODE(&wide->owned_head);
	spin_lock(lock);
	first = xp_owned_first(wide->item.file, wide->owner, hash);
	if (!first) {
		wide->owned_nr = 1;
		hlist_add_head_rcu(&wide->owned_head, xp_owned_bucket(hash));
	} else if (first->owned_nr < XP_OWNED_MAX) {
		first->owned_nr++;
		hlist_add_behind(&wide->owned_link, &first->owned_link);
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
	second->owned_link.pprev = NULL;
	hlist_replace_rcu(&first->owned_head, &second->owned_head);
}

/* Take an item out of the table. */
static void xp_owned_unlink(struct ep_wide *wide, unsigned long hash)
{
	lockdep_assert_held(xp_owned_lock(hash));
	if (!hlist_unhashed(&wide->owned_head)) {
		xp_owned_del_first(wide);
	} else {
		xp_owned_first(wide->item.file, wide->owner, hash)->owned_nr--;
		hlist_del(&wide->owned_link);
	}
	wide->owned = false;
}

void xp_owned_del(struct ep_wide *wide)
{
	unsigned long hash = xp_owned_hash_of(wide);
	struct eventpoll *ep = wide->item.ep;
	spinlock_t *lock = xp_owned_lock(hash);

	lockdep_assert_held(&ep->mtx);
	spin_lock(lock);
	if (wide->owned) {
		xp_owned_unlink(wide, hash);
	} else {
		spin_lock_irq(&ep->wq.lock);
		hlist_del(&wide->owned_link);
		spin_unlock_irq(&ep->wq.lock);
	}
	spin_unlock(lock);
}

bool xp_owned_stands(const struct ep_wide *wide)
{
	spinlock_t *lock = xp_owned_lock(xp_owned_hash_of(wide));
	struct files_struct *owner = wide->owner;
	bool stands;

	lockdep_assert_held(&wide->item.ep->mtx);
	spin_lock(&owner->file_lock);
	stands = files_lookup_fd_locked(owner, wide->item.fd) == wide->item.file;
	spin_unlock(&owner->file_lock);
	if (!stands)
		return false;
	/* it may have been closed and given to the same file again */
	spin_lock(lock);
	stands = wide->owned;
	spin_unlock(lock);
	return stands;
}

/*
 * Has the number of @wide ended? The caller closes a descriptor of the file in @owner, which is
 * about to be freed if its count is zero, with all of its numbers; and it is an RCU reader.
 */
static bool xp_owned_ended(const struct ep_wide *wide, struct files_struct *owner)
{
	return !atomic_read(&owner->count) ||
	       files_lookup_fd_raw(owner, wide->item.fd) != wide->item.file;
}

/*
 * The caller holds the lock of the bucket that @wide was in, and a reference to the instance. The
 * holder of the instance's mutex may remove the item as soon as this lock is let go.
 */
static void xp_owned_end(struct ep_wide *wide)
{
	struct epitem *epi = &wide->item;
	struct eventpoll *ep = epi->ep;

	spin_lock_irq(&ep->wq.lock);
	hlist_add_head(&wide->owned_link, &ep->ended);
	spin_unlock_irq(&ep->wq.lock);
	/* pairs with smp_mb() in __xp_eventpoll_unlock(), and in xp_modify_poll() */
	smp_mb();
	WRITE_ONCE(epi->events, READ_ONCE(epi->events) & EP_PRIVATE_BITS);
}

/*
 * Take an item whose number has ended out of the table, and end it. Another task that closed the
 * number may look for it without the lock, and return. So the pair's last item is ended first.
 */
static void xp_owned_take(struct ep_wide *wide, unsigned long hash)
{
	lockdep_assert_held(xp_owned_lock(hash));
	if (hlist_unhashed(&wide->owned_head) || wide->owned_link.next) {
		xp_owned_unlink(wide, hash);
		xp_owned_end(wide);
		return;
	}
	wide->owned = false;
	xp_owned_end(wide);
	smp_wmb(); /* pairs with xp_owned_none() and xp_fd_close_owned() */
	hlist_del_rcu(&wide->owned_head);
}

/*
 * The instance of an item in the table exists: its file drops its reference only after its items
 * have left the table. So a reference is taken before the item leaves. At exit an instance often
 * has many of them, one after the other, and one reference is enough for these.
 */
unsigned int xp_owned_collect(const struct file *file, struct files_struct *owner,
			      struct eventpoll **eps)
{
	unsigned long hash = xp_owned_hash(file, owner);
	spinlock_t *lock = xp_owned_lock(hash);
	struct ep_wide *wide, *next;
	unsigned int nr = 0;

	rcu_read_lock(); /* for the array of descriptors */
	spin_lock(lock);
	for (wide = xp_owned_first(file, owner, hash); wide; wide = next) {
		struct eventpoll *ep = wide->item.ep;

		next = hlist_entry_safe(wide->owned_link.next, struct ep_wide, owned_link);
		if (!xp_owned_ended(wide, owner))
			continue;
		if (!nr || eps[nr - 1] != ep) {
			if (nr == XP_ENDED_MAX)
				break;
			refcount_inc(&ep->refcount);
			eps[nr++] = ep;
		}
		xp_owned_take(wide, hash);
	}
	spin_unlock(lock);
	rcu_read_unlock();
	return nr;
}

void xp_owned_forget(void)
{
	atomic_dec(&xp_owned_table.instances);
}

static unsigned int xp_owned_bits(void)
{
	u64 wanted = ((u64)totalram_pages() << PAGE_SHIFT) / BYTES_PER_BUCKET;

	return clamp_t(unsigned int, ilog2(wanted), MIN_BUCKET_BITS, MAX_BUCKET_BITS);
}

int xp_owned_make(void)
{
	unsigned int bits = xp_owned_bits(), i;

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
