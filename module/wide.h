/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A wide item is an item with more fields, for a watch that asks for more than epoll has. An item
 * is exactly three cache lines, and those of plain watches stay so. A bit of epitem.ws tells which
 * items are wide.
 */
#ifndef XPOLL_WIDE_H
#define XPOLL_WIDE_H

#include <linux/bits.h>
#include <linux/list.h>
#include <linux/rbtree.h>

#include "epitem.h"

struct ep_owner;

/**
 * struct ep_wide - an item with more fields
 * @item: the item, by which the wide one is found
 * @owner: the table of descriptors in which item.fd is a number, if the watch ends with that
 *	number (owned.h); otherwise, or once the item has left the owner, NULL [mtx]
 * @owned_link: node in the list of the pair of item.file and @owner [owner's lock]; once the
 *	descriptor was closed: node in ep->ended, or on the list of the close that removes the item
 * @owned_node: if the item is the first of its pair: node in an owner's tree [owner's lock]
 * @owned_nr: if the item is the first of its pair: the number of the pair's items, XP_OWNED_MAX at
 *	most [owner's lock]
 * @owned: the item is in the table of owned watches; if it has an @owner and this is false, the
 *	item is on ep->ended [owner's lock]
 * @has: EP_WIDE_* [mtx]
 * @woken: number of wake-ups, modulo 2^16, at most 2^16 - 1 more than @delivered [wq.lock; read
 *	without it by xp_times_take()]
 * @delivered: those of them that events have told of [written under mtx; read without it by
 *	xp_times_wake()]
 * @cookie: slot (slots.h) and generation, or XPOLL_COOKIE_NONE [constant]
 * @data: item.data, while item.next_closed is in its place [mtx]
 * @woken_ns: time of the first wake-up that no event has told of, or 0; see times.h [atomic]
 *
 * In brackets: what protects the field.
 */
struct ep_wide {
	struct epitem item;
	struct ep_owner *owner;
	struct hlist_node owned_link;
	struct rb_node owned_node;
	u16 owned_nr;
	bool owned;
	u8 has;
	u16 woken;
	u16 delivered;
	u64 cookie;
	u64 data;
	u64 woken_ns;
};

/* Bit of ep_wide.has: the item keeps when and how often it was woken. */
#define EP_WIDE_TIMES BIT(0)
/* Bit of ep_wide.has: the item becomes a record when it ends (removed.h). */
#define EP_WIDE_TELLS BIT(1)

static inline struct ep_wide *xp_wide(struct epitem *epi)
{
	return container_of(epi, struct ep_wide, item);
}

#endif /* XPOLL_WIDE_H */
