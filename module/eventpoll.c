// SPDX-License-Identifier: GPL-2.0-only
/*
 * An instance: its allocation, its references, and the end of its items and of itself.
 */
#include <linux/device.h>
#include <linux/sched/user.h>
#include <linux/slab.h>

#include "ended.h"
#include "epitem.h"
#include "eventpoll.h"
#include "owned.h"
#include "removed.h"
#include "ring.h"
#include "slots.h"
#include "wake.h"

struct eventpoll *xp_eventpoll_alloc(struct user_struct *user)
{
	struct eventpoll *ep = kzalloc(sizeof(*ep), GFP_KERNEL_ACCOUNT);

	if (!ep) {
		free_uid(user);
		return NULL;
	}
	mutex_init(&ep->mtx);
	mutex_init(&ep->tree_mutex);
	ep->rbr = RB_ROOT;
	init_waitqueue_head(&ep->wq);
	init_waitqueue_head(&ep->poll_wait);
	INIT_LIST_HEAD(&ep->rdllist);
	ep->user = user;
	ep->pid = task_tgid_nr(current);
	refcount_set(&ep->refcount, 1);
	return ep;
}

void xp_eventpoll_put(struct eventpoll *ep)
{
	lockdep_assert_not_held(&ep->mtx);
	if (refcount_dec_and_test(&ep->refcount))
		xp_eventpoll_free(ep);
}

void xp_eventpoll_free(struct eventpoll *ep)
{
	WARN_ON_ONCE(!RB_EMPTY_ROOT(&ep->rbr));
	WARN_ON_ONCE(!hlist_empty(&ep->ended));
	WARN_ON_ONCE(ep->told);
	if (unlikely(ep->owns))
		xp_owned_forget();
	WARN_ON_ONCE(ep->group);
	xp_wake_put(ep->wake);
	mutex_destroy(&ep->tree_mutex);
	mutex_destroy(&ep->mtx);
	wakeup_source_unregister(ep->ws);
	if (unlikely(ep->post))
		kfree(ep->post);
	if (unlikely(ep->ring))
		xp_ring_free(ep->ring);
	xp_slots_free(ep);
	free_uid(ep->user);
	kfree(ep);
}

void xp_eventpoll_set_wake(struct eventpoll *ep, struct ep_wake *wake)
{
	spin_lock_irq(&ep->wq.lock);
	swap(ep->wake, wake);
	spin_unlock_irq(&ep->wq.lock);
	xp_wake_put(wake);
}

struct ep_wake *xp_eventpoll_get_wake(struct eventpoll *ep)
{
	struct ep_wake *wake;

	spin_lock_irq(&ep->wq.lock);
	wake = xp_wake_get(ep->wake);
	spin_unlock_irq(&ep->wq.lock);
	return wake;
}

/* The most items that are removed under one hold of the mutex. */
#define XP_CLEARED_MAX 64

void xp_eventpoll_clear(struct eventpoll *ep)
{
	struct epitem *epi, *next;
	unsigned int removed = 0;
	struct rb_node *node;

	mutex_lock(&ep->mtx);
	while ((node = rb_first(&ep->rbr))) {
		xp_epitem_remove(ep, rb_entry(node, struct epitem, rbn));
		/* the last close of a watched file may be waiting; nobody adds an item any more */
		if (!(++removed % XP_CLEARED_MAX)) {
			xp_eventpoll_unlock(ep);
			mutex_lock(&ep->mtx);
		}
		cond_resched();
	}
	/* no item is left whose callback could change the list */
	list_for_each_entry_safe(epi, next, &ep->rdllist, rdllink) {
		if (xp_is_removed(epi))
			xp_epitem_free(epi, ep->user);
		cond_resched();
	}
	INIT_LIST_HEAD(&ep->rdllist);
	xp_eventpoll_unlock(ep);
}
