// SPDX-License-Identifier: GPL-2.0-only
/*
 * A bucket chains owners: tables of descriptors that have owned watches. An owner has trees of its
 * files, by the first item of each pair of a file and an owner. The first item begins the list of
 * the pair's items, which NULL ends. So a close passes some owners, as many as there are processes
 * with owned watches for each bucket, but none of their watches unless it is in this owner.
 *
 * Chains are read under RCU or the bucket's lock, trees and lists under the owner's lock. A new
 * item goes behind the first one. If the first one leaves, the second takes its place.
 *
 * An owner is on the chain as long as it has items in its trees. It leaves the chain under its own
 * lock and the bucket's: who has found it under RCU takes its lock, and then sees whether it has
 * items. It lives until its last item has ended, since an item that is on ep->ended needs the lock,
 * too.
 *
 * Why no close misses a watch: the table of descriptors changes under its file_lock. ADD puts the
 * item into this table and then looks under file_lock whether the number stands
 * (xp_owned_stands()). A close clears the number under file_lock and then looks here. Whichever
 * takes the lock second sees what the other one did. A table of descriptors that is about to be
 * freed is cleared without the lock, after the last task that could add a watch has let it go.
 * While only one task uses the table of descriptors, that task alone adds and closes.
 */
#include <linux/fdtable.h>
#include <linux/file.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/rbtree.h>
#include <linux/rculist.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include "buckets.h"
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
	spinlock_t lock; /* chains of its buckets */
} ____cacheline_aligned_in_smp locks[1 << LOCK_BITS];

/* Pairs spread over several trees, so that those of most processes have few levels. */
#define OWNER_TREE_BITS 5

/**
 * struct ep_owner - a table of descriptors with owned watches
 * @node: node in the bucket's chain [bucket's lock; RCU]
 * @files: the table: a key, neither held nor followed [constant]
 * @lock: protects what follows, the lists of the pairs, and ep_wide.owned of the items
 * @nr: number of items in @pairs; once it is 0 the owner is not on the chain, and gets no more
 * @items: number of items that have this owner: those in @pairs, and those on lists of ended items
 * @pairs: the first item of each pair, by file, in the tree that the hash of the file selects
 * @rcu: for kfree_rcu()
 */
struct ep_owner {
	struct hlist_node node;
	const struct files_struct *files;
	spinlock_t lock; /* what follows, lists of the pairs, ep_wide.owned */
	unsigned int nr;
	unsigned int items;
	struct rb_root pairs[1 << OWNER_TREE_BITS];
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

/*
 * @nr items of @file have left the trees, and no close of their numbers needs to find them. The
 * owner leaves the chain with the last one.
 */
static void xp_owner_uncharge(struct ep_owner *owner, const struct file *file, unsigned int nr)
{
	unsigned long hash = xp_owned_hash(owner->files);
	spinlock_t *lock = xp_owned_lock(hash);

	lockdep_assert_held(&owner->lock);
	/* pairs with xp_owned_none() and xp_owned_collect(): the items are disarmed */
	smp_wmb();
	atomic_sub(nr, xp_owned_count(file, owner->files));
	owner->nr -= nr;
	if (owner->nr)
		return;
	spin_lock(lock);
	hlist_del_rcu(&owner->node);
	spin_unlock(lock);
}

/*
 * @nr items have this owner no more. Return: whether they were the last ones: the caller lets go of
 * the lock and frees the owner.
 */
static bool xp_owner_drop(struct ep_owner *owner, unsigned int nr)
{
	lockdep_assert_held(&owner->lock);
	owner->items -= nr;
	return !owner->items;
}

static struct rb_root *xp_owner_tree(struct ep_owner *owner, const struct file *file)
{
	return &owner->pairs[hash_ptr(file, OWNER_TREE_BITS)];
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
static struct ep_wide *xp_owned_first(struct ep_owner *owner, const struct file *file)
{
	struct rb_node *node;

	lockdep_assert_held(&owner->lock);
	node = rb_find(file, xp_owner_tree(owner, file), xp_pair_cmp);
	return node ? rb_entry(node, struct ep_wide, owned_node) : NULL;
}

/* Return: 0, or -ENOSPC if the pair has too many items. */
static int xp_owned_link(struct ep_owner *owner, struct ep_wide *wide)
{
	struct rb_root *tree = xp_owner_tree(owner, wide->item.file);
	struct rb_node *node;
	struct ep_wide *first;

	lockdep_assert_held(&owner->lock);
	INIT_HLIST_NODE(&wide->owned_link);
	RB_CLEAR_NODE(&wide->owned_node);
	node = rb_find_add(&wide->owned_node, tree, xp_pair_cmp_nodes);
	if (!node) {
		wide->owned_nr = 1;
	} else {
		first = rb_entry(node, struct ep_wide, owned_node);
		if (first->owned_nr == XP_OWNED_MAX)
			return -ENOSPC;
		first->owned_nr++;
		hlist_add_behind(&wide->owned_link, &first->owned_link);
	}
	wide->owner = owner;
	wide->owned = true;
	owner->nr++;
	owner->items++;
	return 0;
}

/* Return: as xp_owned_link(); -ENOENT if @files has no owner. */
static int xp_owner_join(const struct files_struct *files, struct ep_wide *wide)
{
	struct ep_owner *owner;
	int err = -ENOENT;

	rcu_read_lock();
	owner = xp_owner_find(files, xp_owned_hash(files));
	if (owner) {
		spin_lock(&owner->lock);
		/* else it has left the chain since */
		if (owner->nr)
			err = xp_owned_link(owner, wide);
		spin_unlock(&owner->lock);
	}
	rcu_read_unlock();
	return err;
}

/* Make an owner, with its first item. Return: 0; -EEXIST if there is one; or -ENOMEM. */
static noinline int xp_owner_create(const struct files_struct *files, struct ep_wide *wide)
{
	struct ep_owner *owner = kzalloc(sizeof(*owner), GFP_KERNEL_ACCOUNT);
	unsigned long hash = xp_owned_hash(files);
	spinlock_t *lock = xp_owned_lock(hash);
	bool exists;

	if (!owner)
		return -ENOMEM;
	owner->files = files;
	spin_lock_init(&owner->lock);
	spin_lock(&owner->lock);
	xp_owned_link(owner, wide); /* can't fail for the first one */
	spin_lock(lock);
	exists = xp_owner_find(files, hash);
	if (!exists)
		hlist_add_head_rcu(&owner->node, &xp_owned_table.buckets[hash]);
	spin_unlock(lock);
	spin_unlock(&owner->lock);
	if (!exists)
		return 0;
	kfree(owner);
	return -EEXIST;
}

int xp_owned_add(struct ep_wide *wide, const struct files_struct *files)
{
	struct eventpoll *ep = wide->item.ep;
	int err;

	lockdep_assert_held(&ep->mtx);
	if (!ep->owns) {
		ep->owns = true;
		ep->cleans = true;
		atomic_inc(&xp_owned_table.instances);
	}
	atomic_inc(xp_owned_count(wide->item.file, files));
	/* once more only if another task has made the owner or removed its last item meanwhile */
	do {
		err = xp_owner_join(files, wide);
		if (err == -ENOENT)
			err = xp_owner_create(files, wide);
	} while (err == -EEXIST);
	if (err)
		atomic_dec(xp_owned_count(wide->item.file, files));
	return err;
}

/* The second item, if there is one, takes the place of @first. Its list is what follows it. */
static void xp_owned_del_first(struct ep_owner *owner, struct ep_wide *first)
{
	struct ep_wide *second = hlist_entry_safe(first->owned_link.next, struct ep_wide,
						  owned_link);
	struct rb_root *tree = xp_owner_tree(owner, first->item.file);

	if (second) {
		second->owned_nr = first->owned_nr - 1;
		second->owned_link.pprev = NULL;
		rb_replace_node(&first->owned_node, &second->owned_node, tree);
	} else {
		rb_erase(&first->owned_node, tree);
	}
	RB_CLEAR_NODE(&first->owned_node);
}

/* Take an item out of the owner's trees. */
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
	bool last;

	lockdep_assert_held(&ep->mtx);
	spin_lock(&owner->lock);
	if (wide->owned) {
		xp_owned_unlink(owner, wide);
		xp_owner_uncharge(owner, wide->item.file, 1);
	} else {
		spin_lock_irq(&ep->wq.lock);
		hlist_del(&wide->owned_link);
		spin_unlock_irq(&ep->wq.lock);
	}
	last = xp_owner_drop(owner, 1);
	spin_unlock(&owner->lock);
	wide->owner = NULL;
	if (last)
		kfree_rcu(owner, rcu);
}

bool xp_owned_stands(const struct ep_wide *wide, struct files_struct *files)
{
	struct ep_owner *owner = wide->owner;
	bool stands;

	lockdep_assert_held(&wide->item.ep->mtx);
	/* only this task changes @files; pairs with put_files_struct() of those that did */
	if (atomic_read_acquire(&files->count) == 1)
		return files_lookup_fd_raw(files, wide->item.fd) == wide->item.file && wide->owned;
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

static void xp_owned_disarm(struct epitem *epi)
{
	WRITE_ONCE(epi->events, READ_ONCE(epi->events) & EP_PRIVATE_BITS);
}

/*
 * The caller holds the lock of the owner that @wide had, and a reference to the instance. The
 * holder of the instance's mutex may remove the item as soon as this lock is let go.
 */
static void xp_owned_end(struct ep_wide *wide)
{
	struct eventpoll *ep = wide->item.ep;

	spin_lock_irq(&ep->wq.lock);
	hlist_add_head(&wide->owned_link, &ep->ended);
	spin_unlock_irq(&ep->wq.lock);
	/* pairs with smp_mb() in xp_ended_unlock(), and in xp_modify_poll() */
	smp_mb();
	xp_owned_disarm(&wide->item);
}

/* The same with the instance's mutex: the caller removes the item before it lets that go. */
static void xp_owned_take(struct ep_wide *wide, struct xp_owned_taken *taken)
{
	lockdep_assert_held(&taken->ep->mtx);
	hlist_add_head(&wide->owned_link, &taken->items);
	wide->owner = NULL;
	xp_owned_disarm(&wide->item);
}

/*
 * The instance of an item in the table exists: its file drops its reference only after its items
 * have left the table. So a reference is taken before the item leaves, and one is enough for
 * several items. The mutex is tried under the owner's lock, which is taken under the mutex
 * elsewhere. Return: the number of items.
 */
static unsigned int xp_owned_collect_from(struct ep_owner *owner, const struct file *file,
					  struct files_struct *files, struct xp_owned_taken *taken)
{
	struct ep_wide *wide, *next;
	unsigned int nr = 0;

	lockdep_assert_held(&owner->lock);
	for (wide = xp_owned_first(owner, file); wide; wide = next) {
		next = hlist_entry_safe(wide->owned_link.next, struct ep_wide, owned_link);
		if (!xp_owned_ended(wide, files))
			continue;
		if (!nr) {
			taken->ep = wide->item.ep;
			refcount_inc(&taken->ep->refcount);
			taken->locked = mutex_trylock(&taken->ep->mtx);
		} else if (nr == XP_ENDED_MAX || wide->item.ep != taken->ep) {
			taken->more = true;
			break;
		}
		nr++;
		xp_owned_unlink(owner, wide);
		if (taken->locked)
			xp_owned_take(wide, taken);
		else
			xp_owned_end(wide);
	}
	return nr;
}

bool xp_owned_collect(const struct file *file, struct files_struct *files,
		      struct xp_owned_taken *taken)
{
	struct ep_owner *owner;
	bool last = false;
	unsigned int nr;

	INIT_HLIST_HEAD(&taken->items);
	taken->more = false;
	rcu_read_lock(); /* for the owner, and the array of descriptors */
	owner = xp_owner_find(files, xp_owned_hash(files));
	if (!owner) {
		rcu_read_unlock();
		smp_acquire__after_ctrl_dep(); /* pairs with xp_owner_uncharge() */
		return false;
	}
	spin_lock(&owner->lock);
	nr = xp_owned_collect_from(owner, file, files, taken);
	if (nr) {
		xp_owner_uncharge(owner, file, nr);
		/* items on @ended keep their owner */
		last = taken->locked && xp_owner_drop(owner, nr);
	}
	spin_unlock(&owner->lock);
	rcu_read_unlock();
	if (last)
		kfree_rcu(owner, rcu);
	return nr;
}

void xp_owned_forget(void)
{
	atomic_dec(&xp_owned_table.instances);
}

int xp_owned_make(void)
{
	unsigned int bits = xp_bucket_bits(BYTES_PER_BUCKET, MIN_BUCKET_BITS, MAX_BUCKET_BITS);
	unsigned int count_bits = xp_bucket_bits(BYTES_PER_COUNT, MIN_BUCKET_BITS, MAX_COUNT_BITS);
	unsigned int i;

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
	xp_owned_table.buckets = NULL;
	return -ENOMEM;
}

void xp_owned_exit(void)
{
	kvfree(xp_owned_table.counts);
	kvfree(xp_owned_table.buckets);
}
