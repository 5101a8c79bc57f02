/* SPDX-License-Identifier: GPL-2.0-only */
/* A watched descriptor, or item. eventpoll.h describes its lifetime and locks. */
#ifndef XPOLL_EPITEM_H
#define XPOLL_EPITEM_H

#include <linux/poll.h>
#include <linux/rbtree.h>
#include <linux/rcupdate.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include "eventpoll.h"

struct ep_wide;
struct files_struct;

/**
 * struct eppoll_entry - an item's entry in one wait queue of the watched file
 * @wait: entry in that queue, whose private is the item [the queue's lock]
 * @whead: the queue, or NULL after POLLFREE [see POLLFREE in eventpoll.h]
 * @next: the item's next entry [the mutex of the item's instance]
 */
struct eppoll_entry {
	wait_queue_entry_t wait;
	wait_queue_head_t *whead;
	struct eppoll_entry *next;
};

/*
 * Bit of epitem.ws: the item is that of a struct ep_wide (wide.h). A plain item without a wakeup
 * source has NULL there, so this costs plain items nothing.
 */
#define EP_WIDE 1UL

/* Value of epitem.next while the item is not on the overflow list, which NULL ends. */
#define EP_UNACTIVE_PTR ((struct epitem *)-1L)
/* Value of epitem.next once the item has ended and becomes a record of that (removed.h). */
#define EP_TELL_PTR ((struct epitem *)-3L)
/* Value of epitem.next once the item has left its ready ring: it is a struct ep_ring_item. */
#define EP_RING_PTR ((struct epitem *)-2L)

/**
 * struct epitem - a watched descriptor
 * @rbn: node in the instance's tree [as eventpoll.rbr]
 * @rcu: once the item has left the tree: for call_rcu()
 * @file: the watched file, which is not held; with @fd the item's key [constant until the item
 *	has ended; RCU readers compare it]
 * @ep: the instance [constant]
 * @fd: number of the descriptor when it was added [constant]
 * @events: the events that the user asks for, and EP_PRIVATE_BITS [written under mtx, or by
 *	xp_owned_end() under its owner's lock; the callback reads it without]
 * @data: returned to the user with each event [mtx]
 * @next_closed: next item in ep->closed, in place of @data [mtx]
 * @user: the user whose quota is charged until @work is done, in place of @data
 * @next: next on the overflow list, EP_UNACTIVE_PTR, EP_TELL_PTR or EP_RING_PTR [wq.lock]; of a
 *	record, next in ep->told [mtx]
 * @rdllink: entry in the ready list [as eventpoll.rdllist]
 * @ws: wakeup source for EPOLLWAKEUP, or NULL; with EP_WIDE [written under mtx; RCU]
 * @walk: number of the last walk in nest.c that collected the item [written under the
 *	bucket's lock and xp_nest_mutex, read under either]
 * @fllink: node in the file's list in the table of watched files [bucket's lock]
 * @bucket_link: if the item is the file's head: node in the bucket's chain [bucket's
 *	lock; RCU]
 * @file_items: if the item is the file's head: the file's list [bucket's lock;
 *	xp_check_item() reads it without]
 * @pwq: entry in the first wait queue, and head of the list of further entries, which few
 *	files need; private is NULL if the item is in no wait queue, or if all entries are
 *	of type struct ep_peer (peers.h) and in that list [mtx]
 * @work: once the item has left its wait queues: does the final fput (lastref.c)
 *
 * In brackets: what protects the field; mtx and wq.lock are the instance's.
 *
 * Three cache lines: the key, what is delivered and the instance; the lists; the wait
 * queue entry.
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

/* Where in the tree an item that is not there belongs. Valid as long as the mutex is held. */
struct xp_place {
	struct rb_node *parent;
	struct rb_node **link;
};

int xp_epitem_init(void);
void xp_epitem_exit(void);

/*
 * The caller of each of these holds the mutex of the item's instance.
 *
 * xp_epitem_create() and xp_epitem_create_wide() create an item that is neither in the tree nor in
 * the table of watched files. Call xp_epitem_link() or xp_epitem_discard() under the same hold of
 * the mutex and before xp_ended_check(): a close may have put the item on @ended already.
 */
struct epitem *xp_epitem_create(struct eventpoll *ep, struct file *file, int fd,
				const struct epoll_event *event);
/*
 * The same with a wide item. @owner: the files_struct in which @fd is a descriptor of @file, if the
 * watch ends with it, or NULL. With an owner the caller has to ask xp_owned_stands() before it lets
 * go of the mutex. Return: as above; ERR_PTR(-ENOSPC) also if the pair of file and owner has
 * too many.
 */
struct epitem *xp_epitem_create_wide(struct eventpoll *ep, struct file *file, int fd,
				     const struct epoll_event *event, struct files_struct *owner);
void xp_epitem_discard(struct eventpoll *ep, struct epitem *epi);
/* Give a new wide item a number. Return: 0; -ENOSPC if there is none; or -ENOMEM. */
int xp_epitem_number(struct ep_wide *wide);
/* Return: an entry for a wait queue besides the first one; NULL without memory. */
struct eppoll_entry *xp_epitem_add_further(struct epitem *epi);
/* End @epi. It becomes a record if it is to. */
void xp_epitem_remove(struct eventpoll *ep, struct epitem *epi);
/*
 * Return: the first item in the order of the tree that is greater than (@file, @fd), which need not
 * be there; or NULL. @file is only compared.
 */
struct rb_node *xp_epitem_after(struct eventpoll *ep, const struct file *file, int fd);
unsigned int xp_epitem_remove_file(struct eventpoll *ep, const struct file *file);

/* The halves of xp_epitem_remove(). The second needs no mutex and no instance. */
void xp_epitem_detach(struct eventpoll *ep, struct epitem *epi);
void xp_epitem_free(struct epitem *epi, struct user_struct *user);

static inline bool xp_is_wide(const struct epitem *epi)
{
	return (__force unsigned long)rcu_access_pointer(epi->ws) & EP_WIDE;
}

/* Compares @epi with a key in the order of the tree. */
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

/* As xp_epitem_find(). If the item is not there, store in @place where it belongs. */
static inline struct epitem *xp_epitem_find_place(struct eventpoll *ep, const struct file *file,
						  int fd, struct xp_place *place)
{
	struct rb_node **link = &ep->rbr.rb_node, *parent = NULL;

	lockdep_assert_held(&ep->mtx);
	while (*link) {
		struct epitem *epi = rb_entry(*link, struct epitem, rbn);
		int side = xp_epitem_cmp(epi, file, fd);

		if (!side)
			return epi;
		parent = *link;
		link = side < 0 ? &parent->rb_left : &parent->rb_right;
	}
	*place = (struct xp_place) { .parent = parent, .link = link };
	return NULL;
}

/* Return: an entry that the caller adds to a wait queue; NULL without memory. */
static inline struct eppoll_entry *xp_epitem_add_entry(struct epitem *epi)
{
	return epi->pwq.wait.private ? xp_epitem_add_further(epi) : &epi->pwq;
}

/* Return: bytes of memory that one watch takes. */
unsigned long xp_epitem_cost(void);

#endif /* XPOLL_EPITEM_H */
