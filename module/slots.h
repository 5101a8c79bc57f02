/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Numbers for the items of an instance. An instance that asks for none has no table. A number,
 * or slot, is given again after its item has ended, so a cookie also has the slot's generation,
 * which differs for each item.
 */
#ifndef XPOLL_SLOTS_H
#define XPOLL_SLOTS_H

#include <linux/bits.h>
#include <linux/nospec.h>

#include "eventpoll.h"

/* The most slots of an instance: the table takes 1 GiB then, and kvmalloc() gives up to 2. */
#define XP_SLOTS_MAX BIT(26)

/* Values of ep_slot.next, which no number of a slot equals. */
#define XP_SLOT_END	U32_MAX		/* the slot is the last of the free ones */
#define XP_SLOT_TAKEN	(U32_MAX - 1)	/* it is not free */

/**
 * struct ep_slot - a number and its item
 * @epi: the item, or NULL
 * @generation: increased whenever the slot becomes free
 * @next: number of the next free slot, XP_SLOT_END or XP_SLOT_TAKEN
 */
struct ep_slot {
	struct epitem *epi;
	u32 generation;
	u32 next;
};

/**
 * struct ep_slots - the slots of an instance [its mtx]
 * @slots: an array of @nr, of which the first @used are set
 * @nr: number of slots that exist
 * @used: number of those that have been taken once
 * @max: the most that may exist
 * @free: number of the first free one among the @used, or XP_SLOT_END
 */
struct ep_slots {
	struct ep_slot *slots;
	u32 nr;
	u32 used;
	u32 max;
	u32 free;
};

/*
 * Give @ep a table, unless it has one; under ep->mtx. @max: the most slots, XP_SLOTS_MAX or less.
 * Return: 0 or -ENOMEM.
 */
int xp_slots_make(struct eventpoll *ep, u32 max);
/* Free the table of @ep, if it has one. Nobody uses the instance any more. */
void xp_slots_free(struct eventpoll *ep);

/*
 * Find a slot for @epi, and store its number in @slot; under ep->mtx. The item has to give it back
 * before it ends. Return: 0; -ENOSPC if there are no more; or -ENOMEM.
 */
int xp_slot_take(struct eventpoll *ep, struct epitem *epi, u32 *slot);
/* Take the item out of its slot, which stays taken until xp_slot_give(); under ep->mtx. */
void xp_slot_clear(struct eventpoll *ep, u32 slot);
/* Give a slot back, with an item or without; under ep->mtx. */
void xp_slot_give(struct eventpoll *ep, u32 slot);

/* Return: the item in @slot, a number that user space may have chosen; or NULL. */
static inline struct epitem *xp_slot_item(const struct eventpoll *ep, u32 slot)
{
	const struct ep_slots *slots = ep->slots;

	lockdep_assert_held(&ep->mtx);
	if (!slots || slot >= slots->used)
		return NULL;
	return slots->slots[array_index_nospec(slot, slots->used)].epi;
}

/* Return: what identifies the item in @slot: slot | generation << 32. */
static inline u64 xp_slot_cookie(const struct eventpoll *ep, u32 slot)
{
	lockdep_assert_held(&ep->mtx);
	return slot | (u64)ep->slots->slots[slot].generation << 32;
}

/* Return: the item with @cookie, which user space may have chosen; NULL if it has ended. */
static inline struct epitem *xp_slot_find(const struct eventpoll *ep, u64 cookie)
{
	const struct ep_slots *slots = ep->slots;
	u32 slot = (u32)cookie;

	lockdep_assert_held(&ep->mtx);
	if (!slots || slot >= slots->used)
		return NULL;
	slot = array_index_nospec(slot, slots->used);
	return slots->slots[slot].generation == cookie >> 32 ? slots->slots[slot].epi : NULL;
}

#endif /* XPOLL_SLOTS_H */
