// SPDX-License-Identifier: GPL-2.0-only
#include <linux/slab.h>

#include "peers.h"
#include "wake.h"

static int xp_peers_cmp(const void *whead, const struct rb_node *node)
{
	const struct ep_peers *peers = rb_entry(node, struct ep_peers, node);

	if (whead == peers->whead)
		return 0;
	return whead < (void *)peers->whead ? -1 : 1;
}

static bool xp_peers_less(struct rb_node *a, const struct rb_node *b)
{
	return xp_peers_cmp(rb_entry(a, struct ep_peers, node)->whead, b) < 0;
}

/*
 * Return: the peers of @whead, with one user more; @fresh, if it is not NULL, becomes these if
 * there are none; otherwise NULL.
 */
static struct ep_peers *xp_peers_find(struct ep_wake *wake, const wait_queue_head_t *whead,
				      struct ep_peers *fresh)
{
	struct ep_peers *peers = fresh;
	struct rb_node *node;

	mutex_lock(&wake->lock);
	node = rb_find(whead, &wake->peers, xp_peers_cmp);
	if (node)
		peers = rb_entry(node, struct ep_peers, node);
	else if (fresh)
		rb_add(&fresh->node, &wake->peers, xp_peers_less);
	if (peers)
		peers->users++;
	mutex_unlock(&wake->lock);
	return peers;
}

/*
 * Return: the peers of @whead, with one user more; NULL without memory. A close of a descriptor may
 * wait for wake->lock, so this does not wait for memory under it.
 */
static struct ep_peers *xp_peers_get(struct ep_wake *wake, wait_queue_head_t *whead)
{
	struct ep_peers *peers = xp_peers_find(wake, whead, NULL), *fresh;

	if (peers)
		return peers;
	fresh = kzalloc(sizeof(*fresh), GFP_KERNEL_ACCOUNT);
	if (!fresh)
		return NULL;
	fresh->whead = whead;
	fresh->wake = wake;
	INIT_LIST_HEAD(&fresh->entries);
	peers = xp_peers_find(wake, whead, fresh);
	if (peers == fresh)
		xp_wake_get(wake);
	else
		kfree(fresh);
	return peers;
}

static void xp_peers_put(struct ep_peers *peers)
{
	struct ep_wake *wake = peers->wake;
	bool last;

	mutex_lock(&wake->lock);
	last = !--peers->users;
	if (last)
		rb_erase(&peers->node, &wake->peers);
	mutex_unlock(&wake->lock);
	if (!last)
		return;
	WARN_ON_ONCE(!list_empty(&peers->entries));
	kfree(peers);
	xp_wake_put(wake);
}

int xp_peers_join(struct epitem *epi, wait_queue_head_t *whead, struct ep_wake *wake,
		  wait_queue_func_t callback)
{
	struct ep_peer *peer = kmalloc(sizeof(*peer), GFP_KERNEL_ACCOUNT);
	unsigned long flags;

	lockdep_assert_held(&epi->ep->mtx);
	if (!peer)
		return -ENOMEM;
	peer->peers = xp_peers_get(wake, whead);
	if (!peer->peers) {
		kfree(peer);
		return -ENOMEM;
	}
	init_waitqueue_func_entry(&peer->pwq.wait, callback);
	peer->pwq.wait.private = epi;
	peer->pwq.whead = whead;
	peer->pwq.next = epi->pwq.next;
	epi->pwq.next = &peer->pwq;

	spin_lock_irqsave(&whead->lock, flags);
	__add_wait_queue_entry_tail_exclusive(whead, &peer->pwq.wait);
	list_add_tail(&peer->link, &peer->peers->entries);
	spin_unlock_irqrestore(&whead->lock, flags);
	return 0;
}

void xp_peer_unlink(struct ep_peer *peer)
{
	struct ep_peers *peers = peer->peers;

	if (peers->taker == peer)
		peers->taker = NULL;
	if (peers->skipped == peer)
		peers->skipped = NULL;
	if (peers->turn == peer)
		peers->turn = xp_peer_after(peer);
	if (peers->turn == peer)
		peers->turn = NULL;
	list_del_init(&peer->link);
}

static void xp_peer_unhook(struct ep_peer *peer)
{
	wait_queue_head_t *whead;
	unsigned long flags;

	/* as in xp_unhook() */
	rcu_read_lock();
	/* pairs with xp_callback_free() */
	whead = smp_load_acquire(&peer->pwq.whead);
	if (whead) {
		spin_lock_irqsave(&whead->lock, flags);
		__remove_wait_queue(whead, &peer->pwq.wait);
		xp_peer_unlink(peer);
		spin_unlock_irqrestore(&whead->lock, flags);
	}
	rcu_read_unlock();
}

void xp_peers_leave(struct epitem *epi)
{
	struct eppoll_entry *pwq, *next;

	for (pwq = epi->pwq.next; pwq; pwq = next) {
		struct ep_peer *peer = container_of(pwq, struct ep_peer, pwq);

		next = pwq->next;
		xp_peer_unhook(peer);
		xp_peers_put(peer->peers);
		kfree(peer);
	}
}
