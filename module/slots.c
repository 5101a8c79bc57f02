// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table grows by doubling, so it has at most twice as many slots as the instance once had
 * items, and a slot costs constant time on average. Like a process's table of descriptors it does
 * not shrink: any slot may be the one that is still in use. So the user's quota is charged for it
 * apart from the items, as for as many watches as fit into the memory that it takes beyond the
 * first few slots. The free slots are a stack: the one that was given back last is in the caches.
 */
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "epitem.h"
#include "quota.h"
#include "slots.h"

#define FIRST_SLOTS 16U
/* The most slots that are copied while another task may want the processor. */
#define SLOTS_BETWEEN_RESTS 4096U

/* Return: the number of watches for which a table of @nr slots counts. */
static u32 xp_slots_charge(u32 nr)
{
	return (nr - min(nr, FIRST_SLOTS)) * sizeof(struct ep_slot) / sizeof(struct epitem);
}

int xp_slots_make(struct eventpoll *ep, u32 max)
{
	struct ep_slots *slots;

	lockdep_assert_held(&ep->mtx);
	if (ep->slots)
		return 0;
	slots = kzalloc(sizeof(*slots), GFP_KERNEL_ACCOUNT);
	if (!slots)
		return -ENOMEM;
	slots->max = max;
	slots->free = XP_SLOT_END;
	ep->slots = slots;
	return 0;
}

void xp_slots_free(struct eventpoll *ep)
{
	if (!ep->slots)
		return;
	xp_quota_uncharge_many(ep->user, xp_slots_charge(ep->slots->nr));
	kvfree(ep->slots->slots);
	kfree(ep->slots);
}

/* Add slots to a table that has used all. Return: 0, -ENOSPC or -ENOMEM. */
static noinline int xp_slots_grow(struct eventpoll *ep)
{
	struct ep_slots *slots = ep->slots;
	u32 nr = min(max(slots->nr * 2, FIRST_SLOTS), slots->max), i;
	u32 more = xp_slots_charge(nr) - xp_slots_charge(slots->nr);
	struct ep_slot *grown;

	if (slots->nr == nr || xp_quota_charge_many(ep->user, more))
		return -ENOSPC;
	grown = kvmalloc_array(nr, sizeof(*grown), GFP_KERNEL_ACCOUNT);
	if (!grown) {
		xp_quota_uncharge_many(ep->user, more);
		return -ENOMEM;
	}
	for (i = 0; i < slots->used; i++) {
		grown[i] = slots->slots[i];
		if (!(i % SLOTS_BETWEEN_RESTS))
			cond_resched();
	}
	kvfree(slots->slots);
	slots->slots = grown;
	slots->nr = nr;
	return 0;
}

int xp_slot_take(struct eventpoll *ep, struct epitem *epi, u32 *slot)
{
	struct ep_slots *slots = ep->slots;
	struct ep_slot *taken;

	lockdep_assert_held(&ep->mtx);
	if (slots->free != XP_SLOT_END) {
		*slot = slots->free;
		taken = &slots->slots[*slot];
		slots->free = taken->next;
	} else {
		int err = slots->used < slots->nr ? 0 : xp_slots_grow(ep);

		if (err)
			return err;
		*slot = slots->used++;
		taken = &slots->slots[*slot];
		taken->generation = 0;
	}
	taken->next = XP_SLOT_TAKEN;
	taken->epi = epi;
	return 0;
}

void xp_slot_clear(struct eventpoll *ep, u32 slot)
{
	lockdep_assert_held(&ep->mtx);
	ep->slots->slots[slot].epi = NULL;
}

void xp_slot_give(struct eventpoll *ep, u32 slot)
{
	struct ep_slots *slots = ep->slots;
	struct ep_slot *given = &slots->slots[slot];

	lockdep_assert_held(&ep->mtx);
	if (WARN_ON_ONCE(slot >= slots->used || given->next != XP_SLOT_TAKEN))
		return;
	given->epi = NULL;
	given->generation++;
	given->next = slots->free;
	slots->free = slot;
}
