/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An instance.
 *
 * OBJECTS: who holds each, how it is found, what frees it
 *
 * struct eventpoll, the instance
 *	Found by its file's private_data and by an epitem's @ep. One reference
 *	belongs to the file and is dropped by its release; a last close that found
 *	one of the instance's items takes another for as long as it works on it,
 *	and so does a walk in nest.c that came from below. Both find the instance by an
 *	item in the table of watched files, under its bucket's lock. The epitems hold
 *	none: all are gone before the file's reference is. Freed by the last
 *	reference, never under its own mutex.
 *
 * struct epitem, a watched descriptor
 *	Found in its instance's tree (under @mtx), in the table of watched files
 *	(under its bucket's lock, a file's head under RCU too), on the ready and
 *	overflow lists (under the ready lock, but see @rdllist), and by its hooks.
 *	Freed a grace period after it has left all of them. If it left with the last
 *	reference to its file, a worker has closed the file before; such an item
 *	holds its user and the module, and knows no instance.
 *
 * struct eppoll_entry, a hook on a wait queue of the watched file
 *	Found by the wait queue, under that queue's lock. Part of the epitem, or
 *	(from the second on) freed once it has left the wait queue.
 *
 * struct file, the watched file
 *	NOT held: a watch must not keep close() from closing. What stands in for a
 *	reference is this rule: an epitem leaves the table of watched files only
 *	after its last touch of the file and of the file's wait queues. __fput()
 *	calls us before it frees anything (lastclose.c); finding an item of this
 *	file in the table, it waits for that instance's mutex and removes the item
 *	itself; finding none, it may go on, for nobody will touch the file again.
 *	To call into a file that may be in __fput() already, take a reference
 *	first, and if its count is zero let it be (xp_epitem_poll()). If that reference
 *	turns out to be the last one, fput() would defer the final close until the task
 *	returns to user space, and the task may sleep before that. So the item leaves
 *	its instance and takes the reference along to a worker (lastref.c).
 *
 * struct ep_group, instances that are counted together
 *	Found by its number while its device file is open (under RCU), by that file
 *	and by its instances, which hold a reference each. Freed a grace period after
 *	the last.
 *
 * LOCKS: outermost first
 *
 * xp_nest_mutex	adding an instance to an instance, or anything to an instance
 *			that is watched by another: no two such additions run at
 *			once, so that no cycle comes together from two halves.
 *			Waited for killably, as are the locks that the walks take;
 *			nest.c says what bounds these. What ->poll() of the added
 *			file waits for is not killable
 * eventpoll.mtx	the tree, the items in it and their registration, scans.
 *			Sleeps: scans copy to user space and call ->poll(). Nested
 *			from the watching to the watched instance; the lockdep
 *			subclass is the number of links walked
 * (wait queue head)	of the watched file: not ours. The callback runs under it,
 *			possibly in interrupt context; with CONFIG_PREEMPT_RT it
 *			sleeps, as every spinlock_t does
 * eventpoll.wq.lock	the ready lock: ready list, overflow list, scan_seq, and
 *			the queue of waiters, whose own lock it is, so that a
 *			wake-up from the callback takes no second lock
 * eventpoll.poll_wait	its lock is taken inside all of the above but the ready lock of
 *			the same instance, and the callbacks of watching instances run
 *			under it as under any wait queue's; the subclass is the depth
 *
 * The table of watched files has locks of its own, inside the mutex. A group's lock
 * (group.c) is taken under none of these, and no lock is taken under it.
 *
 * MEMORY ORDER: a last close that finds no item of its file takes no lock
 *
 *	P0 removes the last item		P1 closes the file
 *
 *	access the file, its wait queues	load the table: no item of the file
 *	(A) smp_mb__after_spinlock()		(B) acquire
 *	store: unlink the item			->release() and free the file
 *
 * This is message passing. Forbidden: P1 sees the table without the item, and an access
 * of P0 comes after the file was freed. (A) is in xp_watched_del(). (B) is one of two:
 * smp_load_acquire() in xp_watched_none(), if the bucket is empty, or
 * smp_acquire__after_ctrl_dep() in xp_last_close_watched(), if the bucket's chain has no
 * item of the file. A last close that removed items saw the last of them leave under the
 * bucket's lock. On x86, which keeps this order by itself, both compile to nothing.
 *
 * The pointer that P1 loads may be one that P2 stored when it changed the bucket after
 * P0. P2 took the bucket's lock after P0 released it, which orders P0's accesses before
 * P2's store.
 *
 * The other way around, P1 sees each item that was added. Whoever adds one holds a
 * reference to the file until the item is in the table. fput() of this reference is a
 * release, and the fput() that leads to the last close, an acquire, comes after it.
 */
#ifndef XPOLL_EVENTPOLL_H
#define XPOLL_EVENTPOLL_H

/* <linux/eventpoll.h> uses these and leaves it to others to include them. */
#include <linux/capability.h>
#include <linux/fs.h>
#include <linux/uaccess.h>

#include <linux/eventpoll.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/poll.h>
#include <linux/rbtree.h>
#include <linux/refcount.h>
#include <linux/wait.h>

struct ep_group;
struct epitem;
struct user_struct;
struct wakeup_source;

/* Bits of an event mask that are not poll bits but say how to deliver. */
#define EP_PRIVATE_BITS (EPOLLWAKEUP | EPOLLONESHOT | EPOLLET | EPOLLEXCLUSIVE)

/* The length of an array of events must fit into an int, in bytes too. */
#define EP_MAX_EVENTS (INT_MAX / sizeof(struct epoll_event))

/**
 * struct ep_counts - what an instance has done
 * @watches: additions that succeeded; under the instance's mutex, as all until @events
 * @open_watches: items that there are
 * @scans: times that events were looked for to be delivered
 * @events: events delivered
 * @callbacks: wake-ups that reached an item's hook; under the ready lock, as the rest
 * @wakeups: wake-ups given to waiters
 * @overflows: items put on the overflow list
 */
struct ep_counts {
	u64 watches;
	u64 open_watches;
	u64 scans;
	u64 events;
	u64 callbacks;
	u64 wakeups;
	u64 overflows;
};

/**
 * struct eventpoll - an instance
 * @mtx: see LOCKS above
 * @rbr: the items, by file and descriptor; under @mtx
 * @wq: tasks in WAIT; its lock is the ready lock
 * @rdllist: items that may be ready, next one first; under the ready lock, or,
 *	while a scan runs, changed by the scanning task alone
 * @ovflist: items that became ready during the scan, latest first
 * @scan_seq: odd while a scan runs
 * @closed: items whose files lost their last descriptor during the scan; under @mtx
 * @poll_wait: those who poll the instance itself
 * @ws: keeps the system awake while a scan holds EPOLLWAKEUP items
 * @user: who pays for the watches
 * @file: the instance's own file, the key under which its watchers are found; not
 *	held, and not followed
 * @watchers: how many items of other instances watch this one
 * @refcount: see OBJECTS above
 * @counts: for STATS
 * @group: whom it is counted with, or NULL; set before the instance can be used
 * @group_link: place among the group's instances
 * @nesting: it is about to be watched; written under xp_nest_mutex
 * @gen: the walk in nest.c that came down here last; under xp_nest_mutex, as the next five
 * @depth: the longest chain down that it found
 * @files_below: whether it found anything but instances
 * @ways_gen: the walk that came up here last
 * @ways: the ways up that it found, see nest.c
 * @next_ended: next of those that a walk dropped the last reference to
 * @watched_above: false if none of those who watch this instance is watched
 * @nests: lockdep subclass of the wake-up that is under way on @poll_wait
 */
struct eventpoll {
	wait_queue_head_t wq;
	struct list_head rdllist;
	struct epitem *ovflist;
	unsigned int scan_seq;
	struct epitem *closed;

	wait_queue_head_t poll_wait;
	struct mutex mtx; /* see LOCKS */
	struct rb_root rbr;

	struct wakeup_source *ws;
	struct user_struct *user;
	struct file *file;
	atomic_t watchers;
	refcount_t refcount;
	bool nesting;

	struct ep_counts counts;
	struct ep_group *group;
	struct list_head group_link;

	u64 gen;
	u64 ways_gen;
	union {
		u64 ways;
		struct eventpoll *next_ended;
	};
	int depth;
	bool files_below;
	bool watched_above;
#ifdef CONFIG_DEBUG_LOCK_ALLOC
	u8 nests;
#endif
};

/* @user pays for the watches; NULL for the module itself. Takes over its reference. */
struct eventpoll *xp_eventpoll_alloc(struct user_struct *user);
void xp_eventpoll_put(struct eventpoll *ep);
/* For who has dropped the last reference otherwise. */
void xp_eventpoll_free(struct eventpoll *ep);
void xp_eventpoll_clear(struct eventpoll *ep);

/* file.c */
extern const struct file_operations xp_eventpoll_fops;

/* The instance behind @file, or NULL if it is something else. */
static inline struct eventpoll *xp_eventpoll_of(const struct file *file)
{
	return file->f_op == &xp_eventpoll_fops ? file->private_data : NULL;
}

/* Does a scan own the ready list? */
static inline bool xp_scan_running(const struct eventpoll *ep)
{
	lockdep_assert_held(&ep->wq.lock);
	return ep->scan_seq & 1;
}

#endif /* XPOLL_EVENTPOLL_H */
