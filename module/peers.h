/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * EXCLUSIVE watches of one wait queue by instances of one group with a wake policy. Any one
 * of them can take an event, and dispatch.c gives it to one.
 */
#ifndef XPOLL_PEERS_H
#define XPOLL_PEERS_H

#include "epitem.h"

struct ep_wake;

/**
 * struct ep_peers - the watches of one wait queue
 * @node: node in wake->peers [wake->lock]
 * @whead: the queue, as a key only [constant]
 * @users: number of entries [wake->lock]
 * @wake: the policy [constant]
 * @entries: entries in the queue, in its order [the queue's lock, as all below]
 * @turn: entry whose turn it is, or NULL for the first
 * @taker: the entry that took the event of the latest walk to call the first entry, or NULL
 * @skipped: the first entry, if that walk gave the event to another one
 */
struct ep_peers {
	struct rb_node node;
	wait_queue_head_t *whead;
	unsigned int users;
	struct ep_wake *wake;
	struct list_head entries;
	struct ep_peer *turn;
	struct ep_peer *taker;
	struct ep_peer *skipped;
};

/**
 * struct ep_peer - an item's wait queue entry, among its peers
 * @pwq: the entry
 * @peers: its peers [constant]
 * @link: entry in peers->entries [the queue's lock]
 */
struct ep_peer {
	struct eppoll_entry pwq;
	struct ep_peers *peers;
	struct list_head link;
};

/*
 * Add @epi to @whead, with @callback, among the peers that @wake has there. The caller
 * holds the mutex of the item's instance. Return: 0 or -ENOMEM.
 */
int xp_peers_join(struct epitem *epi, wait_queue_head_t *whead, struct ep_wake *wake,
		  wait_queue_func_t callback);

/* Remove all entries that xp_peers_join() made. */
void xp_peers_leave(struct epitem *epi);

/* @peer is leaving its wait queue, whose lock the caller holds. */
void xp_peer_unlink(struct ep_peer *peer);

/* Return: the entry after @peer, the first one after the last. */
static inline struct ep_peer *xp_peer_after(struct ep_peer *peer)
{
	return list_next_entry_circular(peer, &peer->peers->entries, link);
}

#endif /* XPOLL_PEERS_H */
