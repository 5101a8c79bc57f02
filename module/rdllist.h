/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Onto the ready list and off it, once for each event. The check of an entry's links is
 * a call of twenty instructions with CONFIG_DEBUG_LIST, which distributions switch on.
 * Here it is the same check in four, in every kernel; what follows from a link that is
 * wrong is, as there, what CONFIG_BUG_ON_DATA_CORRUPTION says.
 */
#ifndef XPOLL_RDLLIST_H
#define XPOLL_RDLLIST_H

#include <linux/list.h>

#include "compat.h"

/* list_add_tail() of an @entry that is on no list. */
static inline void xp_rdllist_add_tail(struct list_head *entry, struct list_head *list)
{
	struct list_head *last = list->prev;

	if (XP_CHECK_DATA_CORRUPTION(last->next != list, last,
				     "the ready list's end is corrupt\n"))
		return;
	entry->next = list;
	entry->prev = last;
	list->prev = entry;
	WRITE_ONCE(last->next, entry);
}

/* list_del_init() of @entry, which @next follows. */
static inline void xp_rdllist_del(struct list_head *entry, struct list_head *next)
{
	struct list_head *prev = entry->prev;

	if (XP_CHECK_DATA_CORRUPTION(prev->next != entry || next->prev != entry, entry,
				     "an item's links on the ready list are corrupt\n"))
		return;
	__list_del(prev, next);
	INIT_LIST_HEAD(entry);
}

#endif /* XPOLL_RDLLIST_H */
