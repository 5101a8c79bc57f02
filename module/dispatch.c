// SPDX-License-Identifier: GPL-2.0-only
/*
 * Several instances of a group watch one wait queue; this gives an event to the instance
 * that the group's policy chooses.
 *
 * The waker walks the wait queue under its lock, and a walk that wakes one task stops
 * when a callback returns true. So the first peer offers the event to the peers, itself
 * included, and returns true if one takes it.
 *
 * If the walk goes on after that, the waker wants to wake more than one task. Then each
 * entry handles the event itself, as without a policy, except for the one that has taken it
 * (@taker). The first entry has not handled it, so the second one makes up for it (@skipped).
 * There is a second one, since the entry that took the event comes after the first. A walk
 * that calls the first entry is a new walk.
 *
 * On 6.1 a walk drops the lock for a moment after each 64 entries. If another walk calls the
 * first entry meanwhile, or all others leave, the first entry may miss a wake-up of more
 * than one task. It is EXCLUSIVE, and another one has the event.
 *
 * Work under the lock: at most EP_EXAMINED_MAX entries are examined, twice if the policy
 * compares them, and those with a waiter are offered the event. The offers examine at most
 * EP_EXAMINED_MAX waiters in all, whatever their instances, and a refused one changes
 * nothing. If nobody takes the event, each entry handles it, as on native epoll.
 */
#include "callback.h"
#include "choose.h"
#include "compat.h"
#include "dispatch.h"
#include "peers.h"
#include "wake.h"

/* No lock of the instance is held, so its waiters may come and go. */
static bool xp_peer_takes(const struct ep_peer *peer, __poll_t happened, u64 oldest)
{
	const struct epitem *epi = peer->pwq.wait.private;
	struct eventpoll *ep = epi->ep;

	/* no barrier: if a waiter is missed, native epoll's order applies */
	return waitqueue_active(&ep->wq) && xp_consumes(READ_ONCE(epi->events), happened) &&
	       !xp_worker_hangs(peer->peers->wake, READ_ONCE(ep->worker), oldest);
}

/*
 * Offer the event to @peer. @left: how many waiters may be examined; if none, it refuses. Return:
 * whether a waiter of its instance takes it.
 */
static bool xp_offer(struct ep_peer *peer, __poll_t happened, int sync, unsigned int *left)
{
	if (!*left || !xp_callback_offer(peer->pwq.wait.private, sync, happened, left))
		return false;
	peer->peers->turn = xp_peer_after(peer);
	return true;
}

static struct ep_peer *xp_peers_turn(const struct ep_peers *peers)
{
	return peers->turn ?: list_first_entry(&peers->entries, struct ep_peer, link);
}

/* Return: the peer that took the event, beginning with the one whose turn it is; or NULL. */
static struct ep_peer *xp_offer_in_turn(struct ep_peers *peers, __poll_t happened, int sync,
					u64 oldest, unsigned int *left)
{
	struct ep_peer *first = xp_peers_turn(peers);
	struct ep_peer *peer = first;
	unsigned int examined = 0;

	do {
		if (xp_peer_takes(peer, happened, oldest) && xp_offer(peer, happened, sync, left))
			return peer;
		peer = xp_peer_after(peer);
	} while (peer != first && ++examined < EP_EXAMINED_MAX);
	return NULL;
}

static u64 xp_peer_load(const struct ep_peer *peer)
{
	const struct epitem *epi = peer->pwq.wait.private;
	const struct eventpoll *ep = epi->ep;

	return xp_worker_load(peer->peers->wake, READ_ONCE(ep->worker),
			      READ_ONCE(ep->counts.open_watches));
}

/* Return: the candidate with the least load, of equals the one whose turn comes first; or NULL. */
static struct ep_peer *xp_idlest_peer(struct ep_peers *peers, __poll_t happened, u64 oldest)
{
	struct ep_peer *first = xp_peers_turn(peers), *idlest = NULL;
	unsigned int left = EP_EXAMINED_MAX;
	struct ep_peer *peer = first;
	u64 least = 0;

	do {
		u64 load = xp_peer_load(peer);

		if ((!idlest || load < least) && xp_peer_takes(peer, happened, oldest)) {
			idlest = peer;
			least = load;
		}
		peer = xp_peer_after(peer);
	} while (peer != first && --left);
	return idlest;
}

/* Return: the candidate that the program chooses, or NULL. Out of line, as the array is large. */
static noinline struct ep_peer *xp_peer_by_prog(struct ep_peers *peers, __poll_t happened,
						u64 oldest)
{
	struct ep_peer *first = xp_peers_turn(peers);
	struct ep_choice choice XP_UNINITIALIZED;
	unsigned int left = EP_EXAMINED_MAX;
	struct ep_peer *peer = first;

	choice.count = 0;
	do {
		const struct epitem *epi = peer->pwq.wait.private;
		const struct eventpoll *ep = epi->ep;

		if (xp_peer_takes(peer, happened, oldest))
			xp_choice_add(&choice, peer, READ_ONCE(ep->worker), ep->pid,
				      xp_peer_load(peer));
		peer = xp_peer_after(peer);
	} while (peer != first && choice.count < XPOLL_CANDIDATES_MAX && --left);
	return xp_choose_by_prog(peers->wake, &choice, first->pwq.wait.private, happened);
}

/*
 * Return: the peer that the policy chooses; NULL if none is a candidate, or if the policy takes
 * turns.
 */
static struct ep_peer *xp_best_peer(struct ep_peers *peers, __poll_t happened, u64 oldest)
{
	switch (READ_ONCE(peers->wake->policy)) {
	case XPOLL_WAKE_LEAST_LOADED:
		return xp_idlest_peer(peers, happened, oldest);
	case XPOLL_WAKE_BPF:
		return xp_peer_by_prog(peers, happened, oldest);
	}
	return NULL;
}

static struct ep_peer *xp_offer_to_peers(struct ep_peers *peers, __poll_t happened, int sync)
{
	unsigned int left = EP_EXAMINED_MAX;
	struct ep_peer *best;
	u64 oldest;

	/* both bits: for every instance; neither: native epoll's order */
	if (!(happened & EPOLLIN) == !(happened & EPOLLOUT) || xp_wake_is_native(peers->wake))
		return NULL;
	oldest = xp_wake_oldest(peers->wake);
	best = xp_best_peer(peers, happened, oldest);
	if (best && xp_offer(best, happened, sync, &left))
		return best;
	return xp_offer_in_turn(peers, happened, sync, oldest, &left);
}

int xp_dispatch(wait_queue_entry_t *wait, unsigned int mode, int sync, void *key)
{
	struct ep_peer *peer = container_of(wait, struct ep_peer, pwq.wait);
	struct ep_peers *peers = peer->peers;
	struct ep_peer *skipped = peers->skipped;
	bool made_up = false;

	peers->skipped = NULL;
	if (peer != list_first_entry(&peers->entries, struct ep_peer, link)) {
		if (skipped)
			made_up = xp_callback(&skipped->pwq.wait, mode, sync, key);
	} else {
		peers->taker = xp_offer_to_peers(peers, key_to_poll(key), sync);
		if (peers->taker && peers->taker != peer)
			peers->skipped = peer;
		if (peers->taker)
			return true;
	}
	/* the entry leaves, and may be freed */
	if (unlikely(key_to_poll(key) & POLLFREE))
		xp_peer_unlink(peer);
	else if (peer == peers->taker)
		return made_up;
	return xp_callback(wait, mode, sync, key);
}
