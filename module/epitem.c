// SPDX-License-Identifier: GPL-2.0-only
/*
 * Creation and end of an item. hook.c adds it to the file's wait queues.
 */
#include <linux/err.h>
#include <linux/file.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include <linux/xpoll.h>

#include "epitem.h"
#include "owned.h"
#include "peers.h"
#include "quota.h"
#include "removed.h"
#include "ring.h"
#include "slots.h"
#include "wakesource.h"
#include "watched.h"
#include "wide.h"

static struct kmem_cache *epi_cache;
static struct kmem_cache *wide_cache;
static struct kmem_cache *pwq_cache;
static struct kmem_cache *ring_cache;

/* Return: an item of @cache that is charged, ERR_PTR(-ENOSPC) or ERR_PTR(-ENOMEM). */
static __always_inline struct epitem *xp_epitem_alloc(struct eventpoll *ep,
						      struct kmem_cache *cache)
{
	struct epitem *epi;
	int err;

	lockdep_assert_held(&ep->mtx);
	err = xp_quota_charge(ep->user);
	if (err)
		return ERR_PTR(err);

	epi = kmem_cache_alloc(cache, GFP_KERNEL);
	if (!epi) {
		xp_quota_uncharge(ep->user);
		return ERR_PTR(-ENOMEM);
	}
	return epi;
}

/* Return: an item that is charged and has joined the ring of @ep; or ERR_PTR(). */
static noinline struct epitem *xp_ring_item_create(struct eventpoll *ep, struct file *file,
						   const struct epoll_event *event)
{
	struct epitem *epi = xp_epitem_alloc(ep, ring_cache);
	int err;

	if (IS_ERR(epi))
		return epi;
	epi->file = file;
	epi->data = event->data;
	err = xp_ring_join(ep, epi);
	if (!err)
		return epi;
	kmem_cache_free(ring_cache, xp_ring_item(epi));
	xp_quota_uncharge(ep->user);
	return ERR_PTR(err);
}

static __always_inline void xp_epitem_set(struct epitem *epi, struct eventpoll *ep,
					  struct file *file, int fd,
					  const struct epoll_event *event)
{
	epi->file = file;
	epi->ep = ep;
	epi->fd = fd;
	epi->events = event->events;
	epi->data = event->data;
	epi->next = EP_UNACTIVE_PTR;
	INIT_LIST_HEAD(&epi->rdllink);
	epi->pwq.wait.private = NULL;
	epi->pwq.next = NULL;
}

/* Return: the item, ERR_PTR(-ENOSPC) or ERR_PTR(-ENOMEM). */
struct epitem *xp_epitem_create(struct eventpoll *ep, struct file *file, int fd,
				const struct epoll_event *event)
{
	struct epitem *epi = unlikely(ep->ring) ? xp_ring_item_create(ep, file, event) :
						  xp_epitem_alloc(ep, epi_cache);

	if (IS_ERR(epi))
		return epi;
	RCU_INIT_POINTER(epi->ws, NULL);
	xp_epitem_set(epi, ep, file, fd, event);
	return epi;
}

struct epitem *xp_epitem_create_wide(struct eventpoll *ep, struct file *file, int fd,
				     const struct epoll_event *event, struct files_struct *owner)
{
	struct epitem *epi = xp_epitem_alloc(ep, wide_cache);
	struct ep_wide *wide;
	int err;

	if (IS_ERR(epi))
		return epi;
	RCU_INIT_POINTER(epi->ws, (void *)EP_WIDE);
	xp_epitem_set(epi, ep, file, fd, event);
	wide = xp_wide(epi);
	wide->owner = NULL;
	wide->has = 0;
	wide->woken = 0;
	wide->delivered = 0;
	wide->cookie = XPOLL_COOKIE_NONE;
	wide->woken_ns = 0;
	err = owner ? xp_owned_add(wide, owner) : 0;
	if (err) {
		kmem_cache_free(wide_cache, wide);
		xp_quota_uncharge(ep->user);
		return ERR_PTR(err);
	}
	return epi;
}

struct eppoll_entry *xp_epitem_add_further(struct epitem *epi)
{
	struct eppoll_entry *pwq;

	lockdep_assert_held(&epi->ep->mtx);
	pwq = kmem_cache_alloc(pwq_cache, GFP_KERNEL);
	if (pwq) {
		pwq->next = epi->pwq.next;
		epi->pwq.next = pwq;
	}
	return pwq;
}

static void xp_unhook(struct eppoll_entry *pwq)
{
	wait_queue_head_t *whead;

	/* RCU keeps a queue that its owner frees; see POLLFREE in eventpoll.h */
	rcu_read_lock();
	/* pairs with xp_callback_free(): after NULL it does not touch the entry */
	whead = smp_load_acquire(&pwq->whead);
	if (whead)
		remove_wait_queue(whead, &pwq->wait);
	rcu_read_unlock();
}

static void xp_epitem_unhook(struct epitem *epi)
{
	struct eppoll_entry *pwq, *next;

	if (!epi->pwq.wait.private) {
		xp_peers_leave(epi);
		return;
	}
	xp_unhook(&epi->pwq);
	for (pwq = epi->pwq.next; pwq; pwq = next) {
		next = pwq->next;
		xp_unhook(pwq);
		kmem_cache_free(pwq_cache, pwq);
	}
}

static void xp_epitem_free_rcu(struct rcu_head *rcu)
{
	struct epitem *epi = container_of(rcu, struct epitem, rcu);

	if (xp_is_wide(epi))
		kmem_cache_free(wide_cache, xp_wide(epi));
	else
		kmem_cache_free(epi_cache, epi);
}

/* The end of what plain items do not have. The item has left its wait queues and the ready list. */
static noinline void xp_epitem_end_more(struct epitem *epi)
{
	struct ep_wide *wide = xp_wide(epi);

	xp_wakesource_destroy(epi);
	if (!xp_is_wide(epi))
		return;
	if (wide->owner)
		xp_owned_del(wide);
	if (wide->cookie != XPOLL_COOKIE_NONE)
		xp_slot_give(epi->ep, (u32)wide->cookie);
	if (wide->has & EP_WIDE_TELLS)
		epi->next = EP_TELL_PTR;
}

int xp_epitem_number(struct ep_wide *wide)
{
	struct eventpoll *ep = wide->item.ep;
	int err = ep->slots ? 0 : xp_slots_make(ep, XP_SLOTS_MAX);
	u32 slot;

	if (!err)
		err = xp_slot_take(ep, &wide->item, &slot);
	if (!err)
		wide->cookie = xp_slot_cookie(ep, slot);
	return err;
}

static void xp_ring_item_free_rcu(struct rcu_head *rcu)
{
	struct epitem *epi = container_of(rcu, struct epitem, rcu);

	kmem_cache_free(ring_cache, xp_ring_item(epi));
}

/* Release what the item holds, but not its places in the tree and the table. */
static __always_inline void xp_epitem_end(struct eventpoll *ep, struct epitem *epi)
{
	if (unlikely(rcu_access_pointer(epi->ws)))
		xp_epitem_end_more(epi);
	if (unlikely(ep->ring))
		xp_ring_leave(ep, epi);
}

/*
 * The order matters: after xp_watched_del() another task may free the file. See struct
 * file in eventpoll.h.
 */
void xp_epitem_detach(struct eventpoll *ep, struct epitem *epi)
{
	struct eventpoll *watched = xp_eventpoll_of(epi->file);

	lockdep_assert_held(&ep->mtx);
	xp_epitem_unhook(epi);

	/*
	 * No callback can run any more, and the mutex excludes a scan, so nobody puts the item on
	 * the list now. What the last callback did to it is seen: it held the lock of the wait
	 * queue, or has cleared @whead.
	 */
	if (!list_empty(&epi->rdllink)) {
		spin_lock_irq(&ep->wq.lock);
		list_del_init(&epi->rdllink);
		spin_unlock_irq(&ep->wq.lock);
	}
	xp_epitem_end(ep, epi);

	mutex_lock(&ep->tree_mutex);
	if (watched)
		atomic_dec(&watched->watchers);
	xp_watched_del(epi);
	if (unlikely(ep->walk_next == &epi->rbn))
		ep->walk_next = rb_next(&epi->rbn);
	rb_erase(&epi->rbn, &ep->rbr);
	mutex_unlock(&ep->tree_mutex);
	ep->counts.open_watches--;
}

static noinline void xp_epitem_free_rare(struct epitem *epi, struct user_struct *user)
{
	if (epi->next == EP_TELL_PTR) {
		xp_removed_tell(epi);
		return;
	}
	call_rcu(&epi->rcu, xp_ring_item_free_rcu);
	xp_quota_uncharge(user);
}

/* The item is on no overflow list, so its @next says what kind it is. */
void xp_epitem_free(struct epitem *epi, struct user_struct *user)
{
	if (unlikely(epi->next != EP_UNACTIVE_PTR)) {
		xp_epitem_free_rare(epi, user);
		return;
	}
	call_rcu(&epi->rcu, xp_epitem_free_rcu);
	xp_quota_uncharge(user);
}

void xp_epitem_discard(struct eventpoll *ep, struct epitem *epi)
{
	lockdep_assert_held(&ep->mtx);
	xp_epitem_end(ep, epi);
	xp_epitem_free(epi, ep->user);
}

void xp_epitem_remove(struct eventpoll *ep, struct epitem *epi)
{
	xp_epitem_detach(ep, epi);
	xp_epitem_free(epi, ep->user);
}

struct rb_node *xp_epitem_after(struct eventpoll *ep, const struct file *file, int fd)
{
	struct rb_node *node = ep->rbr.rb_node, *after = NULL;

	lockdep_assert_held(&ep->mtx);
	while (node) {
		if (xp_epitem_cmp(rb_entry(node, struct epitem, rbn), file, fd) < 0) {
			after = node;
			node = node->rb_left;
		} else {
			node = node->rb_right;
		}
	}
	return after;
}

/*
 * Remove the items of @file for all descriptors.
 *
 * Return: their number.
 */
unsigned int xp_epitem_remove_file(struct eventpoll *ep, const struct file *file)
{
	struct rb_node *node = xp_epitem_after(ep, file, INT_MIN), *next;
	unsigned int removed = 0;

	for (; node; node = next) {
		struct epitem *epi = rb_entry(node, struct epitem, rbn);

		if (epi->file != file)
			break;
		next = rb_next(node);
		xp_epitem_remove(ep, epi);
		removed++;
		cond_resched();
	}
	return removed;
}

unsigned long xp_epitem_cost(void)
{
	return kmem_cache_size(epi_cache);
}

int __init xp_epitem_init(void)
{
	epi_cache = kmem_cache_create("xpoll_epi", sizeof(struct epitem), 0,
				      SLAB_HWCACHE_ALIGN | SLAB_ACCOUNT, NULL);
	pwq_cache = kmem_cache_create("xpoll_pwq", sizeof(struct eppoll_entry), 0,
				      SLAB_ACCOUNT, NULL);
	/* larger than what the user's limit counts: the memory control group counts it all */
	ring_cache = kmem_cache_create("xpoll_ring", sizeof(struct ep_ring_item), 0,
				       SLAB_HWCACHE_ALIGN | SLAB_ACCOUNT, NULL);
	wide_cache = kmem_cache_create("xpoll_wide", sizeof(struct ep_wide), 0,
				       SLAB_HWCACHE_ALIGN | SLAB_ACCOUNT, NULL);
	if (epi_cache && pwq_cache && ring_cache && wide_cache)
		return 0;
	xp_epitem_exit();
	return -ENOMEM;
}

void xp_epitem_exit(void)
{
	/* wait until the last items are freed, a grace period after their end */
	rcu_barrier();
	kmem_cache_destroy(wide_cache);
	kmem_cache_destroy(ring_cache);
	kmem_cache_destroy(pwq_cache);
	kmem_cache_destroy(epi_cache);
}
