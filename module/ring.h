/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A ready ring, memory that an instance shares with its users. <linux/xpoll.h> has its layout and
 * protocol. Users may write anything into it at any time, so the kernel decides by what it keeps
 * to itself: the geometry, @tail, and which slot has which item. It reads four things there: @head,
 * once for each decision; the bits of a slot, by an atomic operation that replaces or changes
 * them; of a slot whose item has ended, whether a consumer holds it; and as a consumer the index
 * array, whose numbers it checks.
 *
 * The ready list of such an instance has the items that the kernel has to poll, and each change of
 * it is made under wq.lock. So there is no overflow list, and @scan_seq does not change.
 */
#ifndef XPOLL_RING_H
#define XPOLL_RING_H

#include <linux/atomic.h>
#include <linux/bitops.h>
#include <linux/list.h>

#include <asm/byteorder.h>

#include <linux/xpoll.h>

#include "epitem.h"

/**
 * struct ep_ring_end - an ended slot: its item has ended, but it may be in the ring, or a
 *	consumer may be taking or own it
 * @until: once @head has reached this, and the slot has no XPOLL_RING_QUEUED, it is free
 * @slot: its number
 */
struct ep_ring_end {
	u64 until;
	u32 slot;
};

/* ->poll() of an instance with a ring, @depth links below the one that the user called. */
typedef __poll_t xp_ring_poll_t(struct file *file, poll_table *pt, int depth);

/**
 * struct ep_ring - a ready ring
 * @header: the start of the shared memory [constant, as all that is marked so: the pointer]
 * @slots: the slots in it [constant]
 * @index: the index array in it [constant]
 * @nr: number of slots [constant]
 * @flags: what header->flags is [wq.lock]
 * @tail: number of entries appended; header->tail is its lower half [wq.lock; read without a lock
 *	by the kernel as a consumer]
 * @level: level-triggered items that are in the ring or were taken from it, by ep_ring_item.until
 *	[wq.lock]
 * @asking: a task polls items, of which one may be on no list [wq.lock]
 * @post_data: data of the latest XPOLL_IOC_POST [wq.lock; read without a lock]
 * @poll: xp_ring_poll(); a pointer, since scans of either kind poll instances of either kind
 *	[constant]
 * @memory: file that holds the shared memory; so do its mappings [constant]
 * @ended: ended slots, an array of @nr, used as a queue [mtx, as all below]
 * @nr_ended: number of times that a slot has entered the queue, modulo 2^32
 * @nr_freed: number of times that one has left it, modulo 2^32
 *
 * In brackets: what protects the field; mtx and wq.lock are the instance's.
 */
struct ep_ring {
	struct xpoll_ring_header *header;
	struct xpoll_ring_slot *slots;
	u32 *index;
	u32 nr;
	u32 flags;
	u64 tail;
	struct list_head level;
	bool asking;
	u64 post_data;
	xp_ring_poll_t *poll;
	struct file *memory;
	struct ep_ring_end *ended;
	u32 nr_ended;
	u32 nr_freed;
};

/**
 * struct ep_ring_item - an item of an instance with a ring
 * @item: its epitem.next is EP_RING_PTR once it has left the ring
 * @slot: number of its slot [constant]
 * @direct: bits that the file's wake-ups report go to the ring without a poll [constant]
 * @until: its entry has been taken once @head has reached this [wq.lock]
 * @level: entry in ring->level [wq.lock]
 */
struct ep_ring_item {
	struct epitem item;
	u32 slot;
	bool direct;
	u64 until;
	struct list_head level;
};

/* What a wake-up of a file tells about its state well enough. */
#define XP_RING_TOLD (EPOLLIN | EPOLLRDNORM | EPOLLOUT | EPOLLWRNORM)

static inline struct ep_ring_item *xp_ring_item(struct epitem *epi)
{
	return container_of(epi, struct ep_ring_item, item);
}

/* Is @slots a number of slots that a ring may have? */
static inline bool xp_ring_slots_valid(u32 slots)
{
	return slots >= XPOLL_RING_SLOTS_MIN && slots <= XPOLL_RING_SLOTS_MAX &&
	       !(slots & (slots - 1));
}

/* Give @ep, which nobody uses yet, a ring. Return: 0, -ENOMEM or -ENFILE. */
int xp_ring_make(struct eventpoll *ep, u32 slots, xp_ring_poll_t *poll);
/* Nobody uses @ep any more. The memory lives on as long as it is mapped. */
void xp_ring_free(struct ep_ring *ring);

/* Give the new item @epi a slot; under ep->mtx. Return: 0, -ENOSPC or -ENOMEM. */
int xp_ring_join(struct eventpoll *ep, struct epitem *epi);
/* @epi, which has left its wait queues, leaves the ring; under ep->mtx. */
void xp_ring_leave(struct eventpoll *ep, struct epitem *epi);
/* Return: the slot of @epi, or 0 if its instance has no ring. */
static inline int xp_ring_slot(const struct eventpoll *ep, struct epitem *epi)
{
	return unlikely(ep->ring) ? xp_ring_item(epi)->slot : 0;
}

/*
 * Take bits back that a slot was told and its item does not wait for any more: a consumer would get
 * them with the data of the new events. A slot that is left without bits is an empty entry.
 */
static inline void xp_ring_limit(struct ep_ring *ring, u32 slot, __poll_t events)
{
	u32 keep = (__force u32)(events & ~EP_PRIVATE_BITS) | XPOLL_RING_QUEUED;

	atomic_and(keep, (atomic_t *)&ring->slots[slot].bits);
}

/* Change the events of @epi, which may be one that wq.lock protects; under ep->mtx. */
void xp_ring_change_locked(struct eventpoll *ep, struct epitem *epi, __poll_t events);

/* May a wake-up tell a bit of each? */
static inline bool xp_ring_same_direction(__poll_t some, __poll_t others)
{
	const __poll_t in = EPOLLIN | EPOLLRDNORM, out = EPOLLOUT | EPOLLWRNORM;

	return ((some & in) && (others & in)) || ((some & out) && (others & out));
}

/*
 * Change events and data of @epi; under ep->mtx. These changes need wq.lock:
 *
 *	ONESHOT			the callback may disarm the item
 *	level-triggered		the item may be on ring->level
 *	fewer bits		the callback may just tell one that is given up
 *	another kind		a callback that reads the old events neither lists a level-triggered
 *				item nor disarms a ONESHOT one; the poll after the change finds for
 *				certain what its waker stored only if it follows the callback's hold
 *				of the lock
 *	a new bit that		a callback that reads the old events tells the other bits and asks
 *	needs a poll		for no poll
 *	a new bit beside one	a callback that reads the old events finds the bit that it knows in
 *	of its direction	a wake-up that tells both, without the barrier in xp_events_of()
 */
static __always_inline void xp_ring_change(struct eventpoll *ep, struct epitem *epi,
					   __poll_t events, u64 data)
{
	__poll_t old = READ_ONCE(epi->events);
	__poll_t armed = old & ~EP_PRIVATE_BITS, more = events & ~old & ~EP_PRIVATE_BITS;
	u32 slot = xp_ring_item(epi)->slot;

	lockdep_assert_held(&ep->mtx);
	epi->data = data;
	WRITE_ONCE(ep->ring->slots[slot].data, data);
	if (!armed) {
		xp_ring_limit(ep->ring, slot, events);
	} else if (!(old & events & EPOLLET) || ((old | events) & EPOLLONESHOT) ||
		   (armed & ~events) || (more & ~XP_RING_TOLD) ||
		   xp_ring_same_direction(armed, more)) {
		xp_ring_change_locked(ep, epi, events);
		return;
	}
	/* pairs with xp_ring_push(): whoever is told of the new events finds the data */
	smp_store_release(&epi->events, events);
}

/*
 * The most entries between @head and @tail. A consumer that takes in place stores @head after it
 * has taken up to @nr, and each of these slots may have been appended once more.
 */
static inline u32 xp_ring_most(const struct ep_ring *ring)
{
	return 2 * ring->nr;
}

/*
 * How many of @ring's entries have been taken, according to @head: as many as were appended,
 * if it can't be. Up to xp_ring_most() less than @tail.
 */
static inline u64 xp_ring_taken(const struct ep_ring *ring)
{
	u32 left = (u32)ring->tail - READ_ONCE(ring->header->head);

	return ring->tail - (left <= xp_ring_most(ring) && left <= ring->tail ? left : 0);
}

/* Return: the number of entries in the ring; the caller holds wq.lock. */
static inline u32 xp_ring_count(const struct eventpoll *ep)
{
	lockdep_assert_held(&ep->wq.lock);
	return ep->ring->tail - xp_ring_taken(ep->ring);
}

/* May a task that waits for one event find one? The caller holds wq.lock. */
static inline bool xp_ring_ready_locked(const struct eventpoll *ep)
{
	lockdep_assert_held(&ep->wq.lock);
	return !list_empty(&ep->rdllist) || xp_ring_count(ep);
}

static inline void xp_ring_set_flags(struct ep_ring *ring, u32 flags)
{
	if (ring->flags == flags)
		return;
	WRITE_ONCE(ring->flags, flags);
	WRITE_ONCE(ring->header->flags, flags);
}

/* Is there an entry in the ring? Of one moment: without a lock. */
static inline bool xp_ring_seems_filled(const struct ep_ring *ring)
{
	return (u32)READ_ONCE(ring->tail) != READ_ONCE(ring->header->head);
}

/* May a wait find an event in the ring, or a file to be polled? Of one moment: without a lock. */
static inline bool xp_ring_seems_ready(const struct ep_ring *ring)
{
	return READ_ONCE(ring->flags) || xp_ring_seems_filled(ring);
}

/* An item has left a list: is there still one to be polled? Under wq.lock. */
static inline void xp_ring_settle_flags(struct eventpoll *ep)
{
	lockdep_assert_held(&ep->wq.lock);
	if (list_empty(&ep->rdllist) && list_empty(&ep->ring->level))
		xp_ring_set_flags(ep->ring, 0);
}

/* xp_ring_push() sets a bit of a slot's @bits as one of the long that begins with them. */
#ifndef __LITTLE_ENDIAN
#error "the ready ring needs a little-endian kernel"
#endif
static_assert(BITS_PER_LONG == 64);

/*
 * Add @bits to a slot, and append it to the index array unless it is there; under wq.lock. Bits
 * come first: a consumer that takes the slot in between finds an empty entry later. No loop around
 * cmpxchg(): another processor's writes could prolong it. On arm64 without LSE atomics each of
 * these operations is a loop of its own, which only the processor keeps short.
 *
 * Return: whether the slot was appended.
 */
static __always_inline bool xp_ring_push(struct ep_ring *ring, u32 slot, __poll_t bits)
{
	u32 *word = &ring->slots[slot].bits;
	u64 tail = ring->tail;

	/* pairs with a consumer's exchange: it may find the bits without having found a tail */
	smp_mb__before_atomic();
	atomic_or((__force u32)bits, (atomic_t *)word);
	/* in the low half of a long, since the kernel is a little-endian 64-bit one */
	if (test_and_set_bit(ilog2(XPOLL_RING_QUEUED), (unsigned long *)word))
		return false;
	WRITE_ONCE(ring->index[tail & (ring->nr - 1)], slot);
	tail++;
	/* pairs with xp_ring_take_one(): it finds number, bits and data */
	smp_store_release(&ring->tail, tail);
	/* pairs with a consumer in user space, as above */
	smp_store_release(&ring->header->tail, (u32)tail);
	return true;
}

/*
 * Put @happened into the ring if @item waits for it, disarm a ONESHOT item, and remember to poll
 * a level-triggered one; under wq.lock. @events: the item's, read under the same hold of the lock.
 * A MOD writes them without it unless this may. Return: whether the item was appended.
 */
static __always_inline bool xp_ring_tell(struct eventpoll *ep, struct ep_ring_item *item,
					 __poll_t events, __poll_t happened)
{
	struct ep_ring *ring = ep->ring;
	bool appended;

	lockdep_assert_held(&ep->wq.lock);
	happened &= events & ~EP_PRIVATE_BITS;
	if (!happened)
		return false;
	appended = xp_ring_push(ring, item->slot, happened);
	if (appended) {
		item->until = ring->tail;
		ep->arrivals++;
		ep->counts.events++;
	}
	if (events & EPOLLONESHOT) {
		WRITE_ONCE(item->item.events, events & EP_PRIVATE_BITS);
	} else if (!(events & EPOLLET) && (appended || list_empty(&item->level))) {
		/* not appended: a consumer is taking it, or owns the slot */
		item->until = ring->tail;
		list_move_tail(&item->level, &ring->level);
		xp_ring_set_flags(ring, XPOLL_RING_ENTER);
	}
	return appended;
}

#endif /* XPOLL_RING_H */
