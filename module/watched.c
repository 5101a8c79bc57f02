// SPDX-License-Identifier: GPL-2.0-only
/*
 * A bucket chains one item of each of its files, the file's head. The head has the list of
 * all items of the file, itself included. So a final fput of another file passes one item
 * of this file, however often a user watches it.
 *
 * A chain is read under RCU or the bucket's lock, a list under the bucket's lock only.
 * xp_check_item() in nest.c reads the start of a list under other locks.
 *
 * The head divides its list: no item behind it belongs to an instance that is watched.
 * nest.c asks for such instances only, so its walks stop at the head, however many items
 * follow. xp_watched_add() puts an item behind the head. If its instance is watched, or
 * when it becomes so, xp_watched_promote() moves the item to a place before the head, or
 * makes it the head. A walk that meets an item before the head whose instance is no
 * longer watched moves it behind the head. A head that leaves is replaced by its
 * predecessor, or by its successor if it was first on the list. xp_nest_mutex protects
 * all of this but adding and leaving. A task needs it to make an instance watched.
 */
#include <linux/mm.h>
#include <linux/rculist.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include "buckets.h"
#include "epitem.h"
#include "paths.h"
#include "watched.h"

/* One bucket per 16 KiB of memory, 4 % of which one user's watches may take. */
#define BYTES_PER_BUCKET (16 << 10)
#define MIN_BUCKET_BITS 12
#define MAX_BUCKET_BITS 26
#define LOCK_BITS 6

struct xp_watched_table xp_watched_table __ro_after_init;

/* The low bits of a bucket's number select the lock that protects it. */
static struct {
	spinlock_t lock; /* chains of its buckets, lists of the files in them */
} ____cacheline_aligned_in_smp locks[1 << LOCK_BITS];

static struct hlist_head *xp_watched_bucket(unsigned long hash)
{
	return &xp_watched_table.buckets[hash];
}

static spinlock_t *xp_watched_lock(unsigned long hash)
{
	return &locks[hash & (ARRAY_SIZE(locks) - 1)].lock;
}

static void xp_watched_assert_locked(const struct file *file)
{
	lockdep_assert_held(xp_watched_lock(xp_watched_hash(file)));
}

static struct epitem *xp_watched_head(const struct file *file, unsigned long hash)
{
	struct epitem *epi;

	hlist_for_each_entry_rcu(epi, xp_watched_bucket(hash), bucket_link,
				 lockdep_is_held(xp_watched_lock(hash))) {
		if (READ_ONCE(epi->file) == file)
			return epi;
	}
	return NULL;
}

bool xp_watched_lookup(const struct file *file)
{
	RCU_LOCKDEP_WARN(!rcu_read_lock_held(), "the table of watched files is read outside RCU");
	return xp_watched_head(file, xp_watched_hash(file));
}

/* The instance's file drops its reference only after its items have left the table. */
struct eventpoll *xp_watched_get(const struct file *file)
{
	unsigned long hash = xp_watched_hash(file);
	spinlock_t *lock = xp_watched_lock(hash);
	struct eventpoll *ep = NULL;
	struct epitem *head;

	spin_lock(lock);
	head = xp_watched_head(file, hash);
	if (head) {
		ep = head->ep;
		refcount_inc(&ep->refcount);
	}
	spin_unlock(lock);
	return ep;
}

void xp_watched_add(struct epitem *epi)
{
	unsigned long hash = xp_watched_hash(epi->file);
	spinlock_t *lock = xp_watched_lock(hash);
	struct epitem *head;

	lockdep_assert_held(&epi->ep->mtx);
	lockdep_assert_held(&epi->ep->tree_mutex);
	INIT_HLIST_NODE(&epi->bucket_link);
	INIT_HLIST_HEAD(&epi->file_items);
	epi->walk = 0;

	spin_lock(lock);
	head = xp_watched_head(epi->file, hash);
	if (head) {
		hlist_add_behind(&epi->fllink, &head->fllink);
	} else {
		hlist_add_head(&epi->fllink, &epi->file_items);
		hlist_add_head_rcu(&epi->bucket_link, xp_watched_bucket(hash));
	}
	spin_unlock(lock);
}

/* Return: the item that replaces @head when it leaves, or NULL. */
static struct epitem *xp_watched_heir(struct epitem *head)
{
	struct hlist_node *heir = head->fllink.next;

	if (head->file_items.first != &head->fllink)
		heir = container_of(head->fllink.pprev, struct hlist_node, next);
	return hlist_entry_safe(heir, struct epitem, fllink);
}

static void xp_watched_replace_head(struct epitem *old, struct epitem *head)
{
	xp_watched_assert_locked(head->file);
	hlist_move_list(&old->file_items, &head->file_items);
	hlist_replace_rcu(&old->bucket_link, &head->bucket_link);
}

void xp_watched_del(struct epitem *epi)
{
	spinlock_t *lock = xp_watched_lock(xp_watched_hash(epi->file));
	struct epitem *heir = NULL;

	lockdep_assert_held(&epi->ep->mtx);
	lockdep_assert_held(&epi->ep->tree_mutex);
	spin_lock(lock);
	/* orders all accesses to the file before the unlink; see MEMORY ORDER in eventpoll.h */
	smp_mb__after_spinlock();
	if (!hlist_empty(&epi->file_items))
		heir = xp_watched_heir(epi);
	hlist_del(&epi->fllink);
	if (heir)
		xp_watched_replace_head(epi, heir);
	else if (!hlist_unhashed(&epi->bucket_link))
		hlist_del_rcu(&epi->bucket_link);
	spin_unlock(lock);
}

/*
 * Make @epi the head if it is the file's only item of a watched instance: xp_check_item() in
 * nest.c then needs no lock. RCU readers may be at @head, so its next pointer stays.
 *
 * Return: the head.
 */
static struct epitem *xp_watched_take_over(struct epitem *epi, struct epitem *head)
{
	if (head->file_items.first != &epi->fllink || epi->fllink.next != &head->fllink ||
	    head->ep == epi->ep || atomic_read(&head->ep->watchers))
		return head;
	xp_watched_replace_head(head, epi);
	WRITE_ONCE(head->bucket_link.pprev, NULL);
	return epi;
}

void xp_watched_promote(struct epitem *const items[], unsigned int nr)
{
	const struct file *file = items[0]->file;
	unsigned long hash = xp_watched_hash(file);
	spinlock_t *lock = xp_watched_lock(hash);
	struct epitem *head;
	unsigned int i;

	lockdep_assert_held(&xp_nest_mutex);
	lockdep_assert(lockdep_is_held(&items[0]->ep->mtx) ||
		       lockdep_is_held(&items[0]->ep->tree_mutex));
	/* already the head, the usual case; it stays so under these two locks */
	if (nr == 1 && !hlist_unhashed_lockless(&items[0]->bucket_link))
		return;
	spin_lock(lock);
	head = xp_watched_head(file, hash);
	for (i = 0; i < nr; i++) {
		if (items[i] == head)
			continue;
		__hlist_del(&items[i]->fllink);
		hlist_add_before(&items[i]->fllink, &head->fllink);
		head = xp_watched_take_over(items[i], head);
	}
	spin_unlock(lock);
}

/* Return: whether the instance of @epi is watched, and so has at least one path up. */
static __always_inline bool xp_collect_item(struct epitem *epi, u64 walk,
					    struct xp_watchers *watchers)
{
	struct eventpoll *ep = epi->ep;

	epi->walk = walk;
	if (!atomic_read(&ep->watchers))
		return false;
	watchers->items++;
	if (xp_paths_known(ep, walk)) {
		watchers->paths += xp_paths_of_watched(ep);
	} else {
		refcount_inc(&ep->refcount);
		watchers->eps[watchers->nr++] = ep;
	}
	return true;
}

/* Move the items from the list's first to the one before @end to the place before @head. */
static void xp_watched_rotate(struct epitem *head, struct hlist_node *end)
{
	struct hlist_node *first = head->file_items.first, *last;

	if (first == end)
		return;
	last = container_of(end->pprev, struct hlist_node, next);
	head->file_items.first = end;
	end->pprev = &head->file_items.first;
	first->pprev = head->fllink.pprev;
	*first->pprev = first;
	last->next = &head->fllink;
	head->fllink.pprev = &last->next;
}

static bool xp_collect_items(struct epitem *head, u64 walk, struct xp_watchers *watchers)
{
	struct hlist_node *node = head->file_items.first, *next;
	unsigned int i;

	xp_watched_assert_locked(head->file);
	if (head->walk != walk)
		xp_collect_item(head, walk, watchers);
	for (i = 1; i < XP_BATCH; i++, node = next) {
		struct epitem *epi = hlist_entry(node, struct epitem, fllink);

		if (epi->walk == walk)
			return false;
		next = node->next;
		if (xp_collect_item(epi, walk, watchers))
			continue;
		__hlist_del(node);
		hlist_add_behind(node, &head->fllink);
	}
	xp_watched_rotate(head, node);
	return true;
}

/*
 * The file of @ep may have been freed and its address reused, but not while @ep has
 * watchers, which is checked under the bucket's lock. An item raises @watchers after it
 * has entered the table and lowers it before it leaves the table under this lock, and a
 * file with an item in the table is not freed.
 */
bool xp_watched_collect(const struct file *file, const struct eventpoll *ep, u64 walk,
			struct xp_watchers *watchers)
{
	unsigned long hash = xp_watched_hash(file);
	spinlock_t *lock = xp_watched_lock(hash);
	struct epitem *head = NULL;
	bool more = false;

	lockdep_assert_held(&xp_nest_mutex);
	watchers->items = 0;
	watchers->nr = 0;
	watchers->paths = 0;
	spin_lock(lock);
	if (!ep || atomic_read(&ep->watchers))
		head = xp_watched_head(file, hash);
	if (head)
		more = xp_collect_items(head, walk, watchers);
	spin_unlock(lock);
	return more;
}

int __init xp_watched_init(void)
{
	unsigned int bits = xp_bucket_bits(BYTES_PER_BUCKET, MIN_BUCKET_BITS, MAX_BUCKET_BITS);
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
