/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Onto the ready list and off it, once for each event. CONFIG_DEBUG_LIST, which
 * distributions switch on, makes a call of twenty instructions of the check of an
 * entry's links. The same check takes four in line, and so is made in every kernel.
 */
#ifndef XPOLL_RDLLIST_H
#define XPOLL_RDLLIST_H

#include <linux/bug.h>
#include <linux/list.h>

/* list_add_tail(). A list whose end is not linked as it should be is left alone. */
static inline void xp_rdllist_add_tail(struct list_head *entry, struct list_head *list)
{
	struct list_head *last = list->prev;

	if (WARN_ON_ONCE(last->next != list || last == entry))
		return;
	entry->next = list;
	entry->prev = last;
	list->prev = entry;
	WRITE_ONCE(last->next, entry);
}

/* list_del_init() of @entry, which @next follows. One that is not linked so stays where it is. */
static inline void xp_rdllist_del(struct list_head *entry, struct list_head *next)
{
	struct list_head *prev = entry->prev;

	if (WARN_ON_ONCE(prev->next != entry || next->prev != entry))
		return;
	__list_del(prev, next);
	INIT_LIST_HEAD(entry);
}

#endif /* XPOLL_RDLLIST_H */
