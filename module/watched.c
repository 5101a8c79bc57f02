// SPDX-License-Identifier: GPL-2.0-only
/*
 * Each bucket chains one item of each file in it, the file's head, and the head has
 * the list of all items of the file, itself included. So neither many files nor
 * many items of one file make anybody else's close slow: a user can watch a file as
 * often as he has descriptors.
 *
 * Chains are read under RCU, lists under the bucket's lock alone.
 *
 * The head also divides its list. No item behind it belongs to an instance that is
 * watched itself, so that nest.c, which asks for such instances only, stops there,
 * however many others watch the file. An item is added behind the head, and promoted
 * to the front, or to the head's place, when its instance is watched. One whose
 * instance is watched no longer goes behind the head when a walk meets it. If the head
 * leaves, its predecessor takes its place, or its successor if it was the first. All but
 * adding and leaving is done under xp_nest_mutex, and while that is held no instance
 * becomes a watched one but by its holder.
 */
#include <linux/mm.h>
#include <linux/rculist.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include "epitem.h"
#include "paths.h"
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

static void xp_watched_assert_locked(const struct file *file)
{
	lockdep_assert_held(xp_watched_lock(xp_watched_hash(file)));
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

bool xp_watched_lookup(const struct file *file)
{
	RCU_LOCKDEP_WARN(!rcu_read_lock_held(), "the table of watched files is read outside RCU");
	return xp_watched_head(file, xp_watched_hash(file));
}

/* An item that is in the table has an instance that its own file still refers to. */
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

/* The item that takes the place of @head when that leaves, or NULL. */
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
	spin_lock(lock);
	/* all that we did to the file comes before; pairs with xp_last_close() */
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
 * If @epi is the first item of the file in a watched instance, it may be the head, which
 * spares walks this lock. Readers of the chain who stand on @head need its next pointer.
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
	lockdep_assert_held(&items[0]->ep->mtx);
	/* the usual case: nobody but us can change that */
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

/* Return: whether the instance of @epi is a watched one; if so, it has a way up at least. */
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

/* Move the items of the list from its first to the one before @end, to just before @head. */
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
 * If the file of @ep is gone, its address may be another's. As long as @ep has watchers it
 * is not: an item raises the count after it has entered the table and drops it before
 * it leaves, which it does under our lock; and a file with an item in the table is not
 * freed.
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
