// SPDX-License-Identifier: GPL-2.0-only
/* The slots of a ready ring, and its items. */
#include <linux/err.h>
#include <linux/file.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/stat.h>
#include <net/sock.h>

#include "anonfile.h"
#include "ring.h"
#include "ringmemory.h"
#include "slots.h"
#include "sockof.h"

/* A consumer and the kernel must not write to the same cache line. */
static_assert(offsetof(struct xpoll_ring_header, tail) % SMP_CACHE_BYTES == 0);
static_assert(offsetof(struct xpoll_ring_header, head) % SMP_CACHE_BYTES == 0);
static_assert(sizeof(struct xpoll_ring_header) <= PAGE_SIZE);
/* xp_ring_push() */
static_assert(offsetof(struct xpoll_ring_slot, bits) % sizeof(long) == 0 &&
	      sizeof(struct xpoll_ring_slot) % sizeof(long) == 0);

/* @ring has its memory: set the geometry, for the kernel and for users. */
static void xp_ring_lay_out(struct ep_ring *ring, u32 slots, unsigned int pages)
{
	void *memory = xp_ring_memory_address(ring->memory);
	struct xpoll_ring_header *header = memory;
	size_t index_offset = PAGE_SIZE + slots * sizeof(*ring->slots);

	header->slots = slots;
	header->slots_offset = PAGE_SIZE;
	header->index_offset = index_offset;
	header->size = pages << PAGE_SHIFT;
	ring->header = header;
	ring->slots = memory + PAGE_SIZE;
	ring->index = memory + index_offset;
	ring->nr = slots;
	INIT_LIST_HEAD(&ring->level);
}

static struct ep_ring *xp_ring_alloc(struct user_struct *user, u32 slots)
{
	size_t size = PAGE_SIZE + slots * (sizeof(struct xpoll_ring_slot) + sizeof(u32));
	unsigned int pages = DIV_ROUND_UP(size, PAGE_SIZE);
	struct ep_ring *ring = kzalloc(sizeof(*ring), GFP_KERNEL_ACCOUNT);
	struct file *memory = ERR_PTR(-ENOMEM);

	if (!ring)
		return ERR_CAST(memory);
	/* first, since the limit may refuse it */
	memory = xp_ring_memory_file(user, pages);
	if (IS_ERR(memory))
		goto free;
	ring->ended = kvmalloc_array(slots, sizeof(*ring->ended), GFP_KERNEL_ACCOUNT);
	if (!ring->ended) {
		fput(memory);
		memory = ERR_PTR(-ENOMEM);
		goto free;
	}
	ring->memory = memory;
	xp_ring_lay_out(ring, slots, pages);
	return ring;

free:
	kfree(ring);
	return ERR_CAST(memory);
}

void xp_ring_free(struct ep_ring *ring)
{
	fput(ring->memory);
	kvfree(ring->ended);
	kfree(ring);
}

int xp_ring_make(struct eventpoll *ep, u32 slots, xp_ring_poll_t *poll)
{
	struct ep_ring *ring = xp_ring_alloc(ep->user, slots);
	int err;
	u32 own;

	if (IS_ERR(ring))
		return PTR_ERR(ring);
	/* first, so that a failure leaves nothing that ep's end would not free */
	ring->poll = poll;
	ep->ring = ring;
	mutex_lock(&ep->mtx);
	err = xp_slots_make(ep, slots);
	if (!err) {
		/* slot 0 is that of XPOLL_IOC_POST */
		err = xp_slot_take(ep, NULL, &own);
	}
	mutex_unlock(&ep->mtx);
	return err;
}

/* Protocols whose wake-ups do not depend on what ->poll() did before, as vsock's do. */
static bool xp_ring_is_direct_socket(const struct sock *sk)
{
	switch (sk->sk_family) {
	case AF_UNIX:
		return true;
	case AF_INET:
	case AF_INET6:
		return sk->sk_protocol == IPPROTO_TCP || sk->sk_protocol == IPPROTO_UDP;
	}
	return false;
}

/* Does a wake-up of @file, to which the caller has a reference, tell XP_RING_TOLD well enough? */
static bool xp_ring_is_direct(struct file *file)
{
	const struct sock *sk = xp_sock_of(file);

	if (sk)
		return xp_ring_is_direct_socket(sk);
	return S_ISFIFO(file_inode(file)->i_mode) || xp_is_anon_file(file, "[eventfd]") ||
	       xp_is_anon_file(file, "[timerfd]");
}

/* The most ended slots that an addition looks at: if there are others, and if there are none. */
#define XP_RECLAIM_LOOK 64
#define XP_RECLAIM_SEARCH 1024

/*
 * May a consumer still find the slot in the ring, be taking it, or own it? The item has ended. Only
 * a branch on the result orders the loads before what the caller stores in the slot: see MEMORY
 * ORDER in eventpoll.h.
 */
static bool xp_ring_holds(const struct ep_ring *ring, u32 slot, u64 until, u64 taken)
{
	return until > taken || (READ_ONCE(ring->slots[slot].bits) & XPOLL_RING_QUEUED);
}

/*
 * Look at up to @most ended slots, and free those that no consumer holds. The others go to the
 * end of the queue, so that a slot that its owner never releases delays no other one.
 */
static void xp_ring_reclaim(struct eventpoll *ep, u32 most)
{
	struct ep_ring *ring = ep->ring;
	u32 left = min(ring->nr_ended - ring->nr_freed, most);
	u64 taken;

	lockdep_assert_held(&ep->mtx);
	if (!left)
		return;
	spin_lock_irq(&ep->wq.lock);
	taken = xp_ring_taken(ring);
	spin_unlock_irq(&ep->wq.lock);
	while (left--) {
		struct ep_ring_end end = ring->ended[ring->nr_freed++ & (ring->nr - 1)];

		if (xp_ring_holds(ring, end.slot, end.until, taken))
			ring->ended[ring->nr_ended++ & (ring->nr - 1)] = end;
		else
			xp_slot_give(ep, end.slot);
	}
}

static int xp_ring_take_slot(struct eventpoll *ep, struct epitem *epi, u32 *slot)
{
	int err;

	xp_ring_reclaim(ep, XP_RECLAIM_LOOK);
	err = xp_slot_take(ep, epi, slot);
	if (err != -ENOSPC)
		return err;
	xp_ring_reclaim(ep, XP_RECLAIM_SEARCH);
	return xp_slot_take(ep, epi, slot);
}

int xp_ring_join(struct eventpoll *ep, struct epitem *epi)
{
	struct ep_ring_item *item = xp_ring_item(epi);
	int err = xp_ring_take_slot(ep, epi, &item->slot);

	if (err)
		return err;
	item->direct = xp_ring_is_direct(epi->file);
	item->until = 0;
	INIT_LIST_HEAD(&item->level);
	/* a consumer that does not keep the rules may have written since */
	WRITE_ONCE(ep->ring->slots[item->slot].bits, 0);
	WRITE_ONCE(ep->ring->slots[item->slot].data, epi->data);
	return 0;
}

/*
 * A consumer may have taken the slot's number and not yet its bits, or own the slot. In both cases
 * the slot has XPOLL_RING_QUEUED, which that consumer clears, so it stays set for that long: an
 * item that got the slot earlier could be in the array twice, or have two owners. Whoever clears
 * the bit too early harms only this ring.
 */
void xp_ring_leave(struct eventpoll *ep, struct epitem *epi)
{
	struct ep_ring_item *item = xp_ring_item(epi);
	struct ep_ring *ring = ep->ring;
	bool held;

	lockdep_assert_held(&ep->mtx);
	spin_lock_irq(&ep->wq.lock);
	list_del_init(&item->level);
	xp_ring_settle_flags(ep);
	/* nobody adds bits to it any more */
	atomic_and(XPOLL_RING_QUEUED, (atomic_t *)&ring->slots[item->slot].bits);
	held = xp_ring_holds(ring, item->slot, item->until, xp_ring_taken(ring));
	spin_unlock_irq(&ep->wq.lock);

	epi->next = EP_RING_PTR;
	if (!held) {
		xp_slot_give(ep, item->slot);
		return;
	}
	/* there is room for all slots */
	xp_slot_clear(ep, item->slot);
	ring->ended[ring->nr_ended++ & (ring->nr - 1)] = (struct ep_ring_end) {
		.until = item->until,
		.slot = item->slot,
	};
}

void xp_ring_change_locked(struct eventpoll *ep, struct epitem *epi, __poll_t events)
{
	lockdep_assert_held(&ep->mtx);
	spin_lock_irq(&ep->wq.lock);
	WRITE_ONCE(epi->events, events);
	xp_ring_limit(ep->ring, xp_ring_item(epi)->slot, events);
	if (events & (EPOLLET | EPOLLONESHOT)) {
		list_del_init(&xp_ring_item(epi)->level);
		xp_ring_settle_flags(ep);
	}
	spin_unlock_irq(&ep->wq.lock);
}
