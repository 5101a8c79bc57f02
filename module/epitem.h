/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A watched descriptor and its hooks. For lifetimes and locks see eventpoll.h.
 */
#ifndef XPOLL_EPITEM_H
#define XPOLL_EPITEM_H

#include <linux/poll.h>
#include <linux/rbtree.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include "eventpoll.h"

/**
 * struct eppoll_entry - a hook on one wait queue of a watched file
 * @wait: the entry in that queue; its private is the item
 * @whead: the queue; NULL once its owner took it away (POLLFREE)
 * @next: the item's next hook
 */
struct eppoll_entry {
	wait_queue_entry_t wait;
	wait_queue_head_t *whead;
	struct eppoll_entry *next;
};

/* Value of epitem.next off the overflow list; NULL ends the list. */
#define EP_UNACTIVE_PTR ((struct epitem *)-1L)

/**
 * struct epitem - a watched descriptor
 * @rbn: place in the instance's tree; under its mutex
 * @rcu: for the grace period after the item has left the tree
 * @file: the watched file, with @fd the key; not held
 * @ep: the instance
 * @fd: the descriptor's number when it was added
 * @events: what is asked for, and EP_PRIVATE_BITS; written under the instance's
 *	mutex, read by the callback under the ready lock
 * @data: what the user gets back; under the instance's mutex, as the next
 * @next_closed: next of those that the scan removes when it ends (lastref.c)
 * @user: whose quota the item stands against until @work is done
 * @next: next on the overflow list, or EP_UNACTIVE_PTR
 * @rdllink: place on the ready list; as that list, under the ready lock or, while a
 *	scan runs, the scanning task's alone
 * @ws: keeps the system awake while the item is ready (EPOLLWAKEUP)
 * @walk: the walk in nest.c that collected it last; under the lock of its bucket in the
 *	table of watched files, written under xp_nest_mutex
 * @fllink: place on the file's list in that table
 * @bucket_link: place in the table itself, of the one item that is the file's head there
 * @file_items: of the head, the file's list
 * @pwq: the hook on the first wait queue: few files have a second. It heads the list of
 *	them; its @private is NULL until it is set
 * @work: once the hook has left it, closes the file (lastref.c)
 *
 * Three cache lines: the key, what is delivered and the way to the instance; the
 * lists; the hook.
 */
struct epitem {
	union {
		struct rb_node rbn;
		struct rcu_head rcu;
	};
	struct file *file;
	struct eventpoll *ep;
	int fd;
	__poll_t events;
	union {
		u64 data;
		struct epitem *next_closed;
		struct user_struct *user;
	};
	struct epitem *next;

	struct list_head rdllink;
	struct wakeup_source __rcu *ws;
	u64 walk;
	struct hlist_node fllink;
	struct hlist_node bucket_link;

	struct hlist_head file_items;
	union {
		struct eppoll_entry pwq;
		struct work_struct work;
	};
};

int xp_epitem_init(void);
void xp_epitem_exit(void);

/* All of these are called with the instance's mutex held. */
struct epitem *xp_epitem_create(struct eventpoll *ep, struct file *file, int fd,
				const struct epoll_event *event);
/* Return: an entry for one more wait queue, which the caller hooks; NULL without memory. */
struct eppoll_entry *xp_epitem_add_entry(struct epitem *epi);
void xp_epitem_remove(struct eventpoll *ep, struct epitem *epi);
unsigned int xp_epitem_remove_file(struct eventpoll *ep, const struct file *file);

/* The two halves of xp_epitem_remove(); the second needs neither the mutex nor the instance. */
void xp_epitem_detach(struct eventpoll *ep, struct epitem *epi);
void xp_epitem_free(struct epitem *epi, struct user_struct *user);

/* The order of the tree. */
static inline int xp_epitem_cmp(const struct epitem *epi, const struct file *file, int fd)
{
	if (file != epi->file)
		return file < epi->file ? -1 : 1;
	if (fd != epi->fd)
		return fd < epi->fd ? -1 : 1;
	return 0;
}

static inline struct epitem *xp_epitem_find(struct eventpoll *ep, const struct file *file, int fd)
{
	struct rb_node *node = ep->rbr.rb_node;

	lockdep_assert_held(&ep->mtx);
	while (node) {
		struct epitem *epi = rb_entry(node, struct epitem, rbn);
		int side = xp_epitem_cmp(epi, file, fd);

		if (!side)
			return epi;
		node = side < 0 ? node->rb_left : node->rb_right;
	}
	return NULL;
}

/* Return: bytes of memory that one watch takes. */
unsigned long xp_epitem_cost(void);

#endif /* XPOLL_EPITEM_H */
