/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A wide item is an item with more fields, for a watch that asks for more than epoll has. An item
 * is exactly three cache lines, and those of plain watches stay so. A bit of epitem.ws tells which
 * items are wide.
 */
#ifndef XPOLL_WIDE_H
#define XPOLL_WIDE_H

#include <linux/list.h>

#include "epitem.h"

struct files_struct;

/**
 * struct ep_wide - an item with more fields
 * @item: the item, by which the wide one is found
 * @owner: the table of descriptors in which item.fd is a number, if the watch ends with that
 *	number (owned.h); otherwise NULL. It is a key: neither held nor followed [constant]
 * @owned_link: node in the list of the pair of item.file and @owner [bucket's lock]; once the
 *	descriptor was closed: node in ep->ended
 * @owned_head: if the item is the first of its pair: node in the bucket's chain [bucket's
 *	lock; RCU]
 * @owned_nr: if the item is the first of its pair: the number of the pair's items [bucket's
 *	lock]
 * @owned: the item is in the table of owned watches; if it has an @owner and this is false, the
 *	item is on ep->ended [bucket's lock]
 * @numbered: the item has @slot [constant]
 * @slot: its number in the instance (slots.h), which its cookie has [constant]
 *
 * In brackets: what protects the field; the bucket is that of the table of owned watches.
 */
struct ep_wide {
	struct epitem item;
	struct files_struct *owner;
	struct hlist_node owned_link;
	struct hlist_node owned_head;
	unsigned int owned_nr;
	bool owned;
	bool numbered;
	u32 slot;
};

static inline struct ep_wide *xp_wide(struct epitem *epi)
{
	return container_of(epi, struct ep_wide, item);
}

#endif /* XPOLL_WIDE_H */
