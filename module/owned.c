// SPDX-License-Identifier: GPL-2.0-only
/*
 * A bucket chains owners: tables of descriptors that have owned watches. An owner has a tree of its
 * files, by the first item of each pair of a file and an owner. The first item begins the list of
 * the pair's items, which NULL ends. So a close passes some owners, as many as there are processes
 * with owned watches for each bucket, but none of their watches unless it is in this owner.
 *
 * Chains are read under RCU or the bucket's lock, trees and lists under the owner's lock. A new
 * item goes behind the first one. If the first one leaves, the second takes its place.
 *
 * An owner is on the chain as long as it has items in its tree. Each of its items holds a reference
 * until the item ends, since one that is on ep->ended needs the lock, too; so does a close while it
 * looks at the owner.
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
#include <linux/rbtree.h>
#include <linux/rculist.h>
#include <linux/refcount.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include "owned.h"

/*
 * One bucket per 256 KiB of memory: while there are owned watches every close in the system reads
 * the bucket of its table of descriptors, so the buckets in use should fit into the caches. An
 * owner takes a task of its user.
 */
#define BYTES_PER_BUCKET (256 << 10)
#define MIN_BUCKET_BITS 10
#define MAX_BUCKET_BITS 20
/* One count per 64 KiB: a user's watches that fill the quota put 13 into each. */
#define BYTES_PER_COUNT (64 << 10)
#define MAX_COUNT_BITS 20
#define LOCK_BITS 6

/* Set before the hook is attached. */
struct xp_owned_table xp_owned_table __read_mostly;

/* As in watched.c. Neither the callback nor RCU takes them, so interrupts stay on. */
static struct {
	spinlock_t lock; /* chains of its buckets, @nr of the owners in them */
} ____cacheline_aligned_in_smp locks[1 << LOCK_BITS];

/**
 * struct ep_owner - a table of descriptors with owned watches
 * @node: node in the bucket's chain [bucket's lock; RCU]
 * @files: the table: a key, neither held nor followed [constant]
 * @nr: number of items that are in @pairs, or about to be; the owner is on the chain as long as it
 *	is not 0 [bucket's lock]
 * @refcount: one reference for each item, and for each close that looks at the owner [atomic]
 * @lock: protects what follows, the lists of the pairs, and ep_wide.owned of the items
 * @pairs: the first item of each pair, by file
 * @rcu: for kfree_rcu()
 */
struct ep_owner {
	struct hlist_node node;
	const struct files_struct *files;
	unsigned int nr;
	refcount_t refcount;
	spinlock_t lock; /* @pairs, lists of the pairs, ep_wide.owned */
	struct rb_root pairs;
	struct rcu_head rcu;
};

static spinlock_t *xp_owned_lock(unsigned long hash)
{
	return &locks[hash & (ARRAY_SIZE(locks) - 1)].lock;
}

static struct ep_owner *xp_owner_find(const struct files_struct *files, unsigned long hash)
{
	struct ep_owner *owner;

	hlist_for_each_entry_rcu(owner, &xp_owned_table.buckets[hash], node,
				 lockdep_is_held(xp_owned_lock(hash))) {
		if (owner->files == files)
			return owner;
	}
	return NULL;
}

struct ep_owner *xp_owner_get(const struct files_struct *files)
{
	struct ep_owner *owner;

	RCU_LOCKDEP_WARN(!rcu_read_lock_held(), "the table of owned watches is read outside RCU");
	owner = xp_owner_find(files, xp_owned_hash(files));
	return owner && refcount_inc_not_zero(&owner->refcount) ? owner : NULL;
}

void xp_owner_put(struct ep_owner *owner)
{
	if (refcount_dec_and_test(&owner->refcount))
		kfree_rcu(owner, rcu);
}

/*
 * Return: the owner of @files, with one more item and a reference; @fresh, if it is not NULL,
 * becomes this if there is none; otherwise NULL.
 */
static struct ep_owner *xp_owner_charge(const struct files_struct *files, struct ep_owner *fresh)
{
	unsigned long hash = xp_owned_hash(files);
	spinlock_t *lock = xp_owned_lock(hash);
	struct ep_owner *owner;

	spin_lock(lock);
	owner = xp_owner_find(files, hash);
	if (owner) {
		refcount_inc(&owner->refcount);
	} else if (fresh) {
		owner = fresh;
		hlist_add_head_rcu(&owner->node, &xp_owned_table.buckets[hash]);
	}
	if (owner)
		owner->nr++;
	spin_unlock(lock);
	return owner;
}

/* @nr items of @file have left the tree. Each still has its reference. */
static void xp_owner_uncharge(struct ep_owner *owner, const struct file *file, unsigned int nr)
{
	unsigned long hash = xp_owned_hash(owner->files);
	spinlock_t *lock = xp_owned_lock(hash);

	lockdep_assert_not_held(&owner->lock);
	/* pairs with xp_owned_none() and xp_fd_close_owned(): the items are on @ended, disarmed */
	smp_wmb();
	atomic_sub(nr, xp_owned_count(file, owner->files));
	spin_lock(lock);
	owner->nr -= nr;
	if (!owner->nr)
		hlist_del_rcu(&owner->node);
	spin_unlock(lock);
}

/* Return: as xp_owner_charge(), made if there is none; NULL without memory. */
static struct ep_owner *xp_owner_made(const struct files_struct *files)
{
	struct ep_owner *owner = xp_owner_charge(files, NULL), *fresh;

	if (owner)
		return owner;
	fresh = kzalloc(sizeof(*fresh), GFP_KERNEL_ACCOUNT);
	if (!fresh)
		return NULL;
	fresh->files = files;
	refcount_set(&fresh->refcount, 1);
	spin_lock_init(&fresh->lock);
	fresh->pairs = RB_ROOT;
	owner = xp_owner_charge(files, fresh);
	if (owner != fresh)
		kfree(fresh);
	return owner;
}

static int xp_pair_cmp(const void *file, const struct rb_node *node)
{
	const struct ep_wide *first = rb_entry(node, struct ep_wide, owned_node);

	if (file == first->item.file)
		return 0;
	return file < (void *)first->item.file ? -1 : 1;
}

static int xp_pair_cmp_nodes(struct rb_node *node, const struct rb_node *other)
{
	return xp_pair_cmp(rb_entry(node, struct ep_wide, owned_node)->item.file, other);
}

/* Return: the pair's first item, or NULL. */
static struct ep_wide *xp_owned_first(const struct ep_owner *owner, const struct file *file)
{
	struct rb_node *node;

	lockdep_assert_held(&owner->lock);
	node = rb_find(file, &owner->pairs, xp_pair_cmp);
	return node ? rb_entry(node, struct ep_wide, owned_node) : NULL;
}

/* Return: 0, or -ENOSPC if the pair has too many items. */
static int xp_owned_link(struct ep_owner *owner, struct ep_wide *wide)
{
	struct rb_node *node;
	struct ep_wide *first;

	lockdep_assert_held(&owner->lock);
	INIT_HLIST_NODE(&wide->owned_link);
	RB_CLEAR_NODE(&wide->owned_node);
	node = rb_find_add(&wide->owned_node, &owner->pairs, xp_pair_cmp_nodes);
	if (!node) {
		wide->owned_nr = 1;
		return 0;
	}
	first = rb_entry(node, struct ep_wide, owned_node);
	if (first->owned_nr == XP_OWNED_MAX)
		return -ENOSPC;
	first->owned_nr++;
	hlist_add_behind(&wide->owned_link, &first->owned_link);
	return 0;
}

int xp_owned_add(struct ep_wide *wide, const struct files_struct *files)
{
	struct eventpoll *ep = wide->item.ep;
	struct ep_owner *owner;
	int err;

	lockdep_assert_held(&ep->mtx);
	if (!ep->owns) {
		ep->owns = true;
		ep->cleans = true;
		atomic_inc(&xp_owned_table.instances);
	}
	owner = xp_owner_made(files);
	if (!owner)
		return -ENOMEM;
	wide->owner = owner;
	atomic_inc(xp_owned_count(wide->item.file, files));
	spin_lock(&owner->lock);
	err = xp_owned_link(owner, wide);
	wide->owned = !err;
	spin_unlock(&owner->lock);
	if (!err)
		return 0;
	xp_owner_uncharge(owner, wide->item.file, 1);
	xp_owner_put(owner);
	return err;
}

/* The second item, if there is one, takes the place of @first. Its list is what follows it. */
static void xp_owned_del_first(struct ep_owner *owner, struct ep_wide *first)
{
	struct ep_wide *second = hlist_entry_safe(first->owned_link.next, struct ep_wide,
						  owned_link);

	if (second) {
		second->owned_nr = first->owned_nr - 1;
		second->owned_link.pprev = NULL;
		rb_replace_node(&first->owned_node, &second->owned_node, &owner->pairs);
	} else {
		rb_erase(&first->owned_node, &owner->pairs);
	}
	RB_CLEAR_NODE(&first->owned_node);
}

/* Take an item out of the owner's tree. */
static void xp_owned_unlink(struct ep_owner *owner, struct ep_wide *wide)
{
	lockdep_assert_held(&owner->lock);
	if (!RB_EMPTY_NODE(&wide->owned_node)) {
		xp_owned_del_first(owner, wide);
	} else {
		xp_owned_first(owner, wide->item.file)->owned_nr--;
		hlist_del(&wide->owned_link);
	}
	wide->owned = false;
}

void xp_owned_del(struct ep_wide *wide)
{
	struct eventpoll *ep = wide->item.ep;
	struct ep_owner *owner = wide->owner;
	bool owned;

	lockdep_assert_held(&ep->mtx);
	spin_lock(&owner->lock);
	owned = wide->owned;
	if (owned) {
		xp_owned_unlink(owner, wide);
	} else {
		spin_lock_irq(&ep->wq.lock);
		hlist_del(&wide->owned_link);
		spin_unlock_irq(&ep->wq.lock);
	}
	spin_unlock(&owner->lock);
	if (owned)
		xp_owner_uncharge(owner, wide->item.file, 1);
	xp_owner_put(owner);
}

bool xp_owned_stands(const struct ep_wide *wide, struct files_struct *files)
{
	struct ep_owner *owner = wide->owner;
	bool stands;

	lockdep_assert_held(&wide->item.ep->mtx);
	spin_lock(&files->file_lock);
	stands = files_lookup_fd_locked(files, wide->item.fd) == wide->item.file;
	spin_unlock(&files->file_lock);
	if (!stands)
		return false;
	/* it may have been closed and given to the same file again */
	spin_lock(&owner->lock);
	stands = wide->owned;
	spin_unlock(&owner->lock);
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
 * The caller holds the lock of the owner that @wide had, and a reference to the instance. The
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
 * The instance of an item in the table exists: its file drops its reference only after its items
 * have left the table. So a reference is taken before the item leaves. At exit an instance often
 * has many of them, one after the other, and one reference is enough for these.
 */
static unsigned int xp_owned_take(struct ep_owner *owner, const struct file *file,
				  struct files_struct *files, struct eventpoll **eps,
				  unsigned int *taken)
{
	struct ep_wide *wide, *next;
	unsigned int nr = 0;

	lockdep_assert_held(&owner->lock);
	for (wide = xp_owned_first(owner, file); wide; wide = next) {
		struct eventpoll *ep = wide->item.ep;

		next = hlist_entry_safe(wide->owned_link.next, struct ep_wide, owned_link);
		if (!xp_owned_ended(wide, files))
			continue;
		if (!nr || eps[nr - 1] != ep) {
			refcount_inc(&ep->refcount);
			eps[nr++] = ep;
		}
		xp_owned_unlink(owner, wide);
		xp_owned_end(wide);
		if (++*taken == XP_ENDED_MAX)
			break;
	}
	return nr;
}

unsigned int xp_owned_collect(struct ep_owner *owner, const struct file *file,
			      struct files_struct *files, struct eventpoll **eps, bool *more)
{
	unsigned int nr, taken = 0;

	rcu_read_lock(); /* for the array of descriptors */
	spin_lock(&owner->lock);
	nr = xp_owned_take(owner, file, files, eps, &taken);
	spin_unlock(&owner->lock);
	rcu_read_unlock();
	if (taken)
		xp_owner_uncharge(owner, file, taken);
	*more = taken == XP_ENDED_MAX;
	return nr;
}

void xp_owned_forget(void)
{
	atomic_dec(&xp_owned_table.instances);
}

static unsigned int xp_owned_bits(unsigned int bytes, unsigned int most)
{
	u64 wanted = ((u64)totalram_pages() << PAGE_SHIFT) / bytes;

	return clamp_t(unsigned int, ilog2(wanted), MIN_BUCKET_BITS, most);
}

int xp_owned_make(void)
{
	unsigned int bits = xp_owned_bits(BYTES_PER_BUCKET, MAX_BUCKET_BITS), i;
	unsigned int count_bits = xp_owned_bits(BYTES_PER_COUNT, MAX_COUNT_BITS);

	if (xp_owned_table.counts)
		return 0;
	for (i = 0; i < ARRAY_SIZE(locks); i++)
		spin_lock_init(&locks[i].lock);
	xp_owned_table.shift = BITS_PER_LONG - bits;
	xp_owned_table.count_shift = BITS_PER_LONG - count_bits;
	xp_owned_table.buckets = kvcalloc(1UL << bits, sizeof(struct hlist_head), GFP_KERNEL);
	if (!xp_owned_table.buckets)
		return -ENOMEM;
	xp_owned_table.counts = kvcalloc(1UL << count_bits, sizeof(atomic_t), GFP_KERNEL);
	if (xp_owned_table.counts)
		return 0;
	kvfree(xp_owned_table.buckets);
	return -ENOMEM;
}

void xp_owned_exit(void)
{
	if (!xp_owned_table.counts)
		return;
	kvfree(xp_owned_table.counts);
	kvfree(xp_owned_table.buckets);
}
