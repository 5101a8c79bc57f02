// SPDX-License-Identifier: GPL-2.0-only
/*
 * The changes of ENTER, in batches: up to XP_BATCH_SIZE are copied to the stack, made under one
 * hold of the mutex, and their results are stored. A task keeps the others from the mutex for no
 * longer than one batch.
 *
 * A change that finds its item ready puts it on the ready list, and the wait after the changes
 * polls it again. To save that poll for a ONESHOT item, the last batch itself stores the event in
 * the caller's array and disarms the item. It delivers an event at once only if
 * - the ready list is empty: events keep their order;
 * - nobody polls the instance: pollers would miss the event;
 * - one event ends the caller's wait (@minevents is 0 or 1): otherwise the task might sleep, while
 *   others could take the event;
 * - the caller wants no extended events, which only a scan stores.
 * The item is on no list until the results are stored, all under the mutex. If they can't be
 * stored, it goes to the ready list, so no event is lost. Only the last batch delivers events,
 * after its results are stored: once an event is delivered, no result may be left whose storing
 * could fail. So a short batch comes first.
 */
#include <linux/minmax.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/uaccess.h>

#include <linux/xpoll.h>

#include "batch.h"
#include "bycookie.h"
#include "callback.h"
#include "changes.h"
#include "closehook.h"
#include "compat.h"
#include "compat_file.h"
#include "ctl.h"
#include "ended.h"
#include "epitem.h"
#include "fdget.h"
#include "lastref.h"
#include "modify.h"
#include "slotchange.h"
#include "trace.h"
#include "uevent.h"

/* Under the mutex: may the batch deliver events? */
static void xp_batch_may_deliver(struct batch *batch, unsigned int room)
{
	struct eventpoll *ep = xp_batch_instance(batch);

	lockdep_assert_held(&ep->mtx);
	/* no barrier: a poller queues itself first, then waits for the mutex for its scan */
	batch->room = waitqueue_active(&ep->poll_wait) || unlikely(ep->ring) ? 0 : room;
}

/*
 * Put the items of @pending, from @first on, on the ready list. What is there became ready later:
 * they came into @pending while the list was empty.
 */
static void xp_batch_list_pending(struct batch *batch, unsigned int first)
{
	unsigned int i;

	for (i = batch->npending; i-- > first;)
		xp_make_ready_first(xp_batch_instance(batch), batch->pending[i].epi);
	batch->npending = 0;
	batch->fds = 0;
}

/* Deliver the events of @pending. Return: their number. */
static noinline int xp_batch_deliver(struct batch *batch)
{
	struct eventpoll *ep = xp_batch_instance(batch);
	unsigned int i, n = 0;

	lockdep_assert_held(&ep->mtx);
	for (i = 0; i < batch->npending; i++) {
		struct epitem *epi = batch->pending[i].epi;

		/* on the list since, by a wake-up after the change: the wait delivers it */
		if (!list_empty(&epi->rdllink))
			continue;
		if (xp_put_event(batch->uevents + n, batch->pending[i].revents, epi->data))
			break;
		WRITE_ONCE(epi->events, READ_ONCE(epi->events) & EP_PRIVATE_BITS);
		n++;
	}
	xp_batch_list_pending(batch, i);
	ep->counts.events += n;
	return n;
}

static noinline bool xp_batch_search(const struct batch *batch, int fd)
{
	unsigned int i;

	for (i = 0; i < batch->npending; i++)
		if (batch->pending[i].epi->fd == fd)
			return true;
	return false;
}

static inline bool xp_batch_has_pending(const struct batch *batch, int fd)
{
	return (batch->fds & BIT_ULL(fd & 63)) && xp_batch_search(batch, fd);
}

/* Out of line, since a batch delivers most of what it finds. */
static noinline void xp_batch_list(struct batch *batch, struct epitem *epi, __poll_t revents)
{
	xp_list_found(xp_batch_instance(batch), epi, revents);
}

/* A change found @epi ready. */
static __always_inline void xp_batch_found(struct batch *batch, struct epitem *epi,
					   __poll_t revents)
{
	struct eventpoll *ep = xp_batch_instance(batch);
	__poll_t events = READ_ONCE(epi->events);

	/* the list is read without its lock: what comes at this moment comes before or after */
	if (batch->npending == batch->room || !(events & EPOLLONESHOT) || (events & EPOLLWAKEUP) ||
	    !list_empty(&ep->rdllist)) {
		xp_batch_list(batch, epi, revents);
		return;
	}
	/* there is a place for each change */
	batch->pending[batch->npending++] = (struct pending) { .epi = epi, .revents = revents };
	batch->fds |= BIT_ULL(epi->fd & 63);
}

/* Make the change after the mutex was let go, for nest.c. */
static noinline int xp_batch_nested(struct batch *batch, const struct xpoll_change *change,
				    struct ep_found *found)
{
	struct eventpoll *ep = xp_batch_instance(batch);
	unsigned int room = batch->room;
	int err;

	xp_batch_list_pending(batch, 0);
	xp_eventpoll_unlock(ep);
	found->epi = NULL;
	err = xp_ctl_make_nested(batch->epfile, change, found);
	xp_eventpoll_lock(ep);
	xp_batch_may_deliver(batch, room);
	return err;
}

/*
 * Let go of the mutex to attach the hook on each close, which takes a while, and which the
 * hook's test needs.
 */
static noinline int xp_batch_attach(struct batch *batch)
{
	struct eventpoll *ep = xp_batch_instance(batch);
	unsigned int room = batch->room;
	int err;

	xp_batch_list_pending(batch, 0);
	xp_eventpoll_unlock(ep);
	err = xp_closehook_attach();
	xp_eventpoll_lock(ep);
	xp_batch_may_deliver(batch, room);
	return err;
}

/* The flags that each operation takes; DEL takes XPOLL_CHANGE_COOKIE alone. */
static u16 xp_flags_of(int op)
{
	switch (op) {
	case EPOLL_CTL_ADD:
		return XPOLL_CHANGE_CLOSE | XPOLL_CHANGE_COOKIE | XPOLL_CHANGE_ONLY |
		       XPOLL_CHANGE_REMOVED | XPOLL_CHANGE_TIME;
	case XPOLL_CTL_UPSERT:
		return XPOLL_CHANGE_CLOSE | XPOLL_CHANGE_ONLY | XPOLL_CHANGE_REMOVED |
		       XPOLL_CHANGE_TIME;
	case EPOLL_CTL_MOD:
		return XPOLL_CHANGE_COOKIE | XPOLL_CHANGE_ONLY;
	}
	return 0;
}

static int xp_batch_by_cookie(struct batch *batch, const struct xpoll_change *change)
{
	struct epitem *epi = xp_change_item(xp_batch_instance(batch), change);
	struct ep_found found;
	int err;

	if (!epi)
		return -ENOENT;
	if (xp_batch_has_pending(batch, epi->fd))
		xp_batch_list_pending(batch, 0);
	err = xp_by_cookie(batch->epfile, epi, change, &found);
	if (found.epi)
		xp_batch_found(batch, found.epi, found.revents);
	return err;
}

static __always_inline int xp_batch_by_fd(struct batch *batch, const struct xpoll_change *change,
					  struct ep_found *found)
{
	int err;

	if (unlikely(xp_batch_has_pending(batch, change->fd)))
		xp_batch_list_pending(batch, 0);
	found->epi = NULL;
	err = xp_ctl_make(batch->epfile, change, found);
	if (found->epi)
		xp_batch_found(batch, found->epi, found->revents);
	else if (unlikely(err == XP_CTL_NESTED))
		err = xp_batch_nested(batch, change, found);
	return err;
}

noinline int xp_batch_flagged(struct batch *batch, struct xpoll_change *change)
{
	struct ep_found found;
	int err = 0;

	if (xp_batch_instance(batch)->ring)
		return xp_batch_slot(batch, change);
	if (xp_is_by_cookie(change))
		return xp_batch_by_cookie(batch, change);
	if (change->flags & ~xp_flags_of(change->op))
		return -EINVAL;
	if (change->op == EPOLL_CTL_MOD && (change->flags & XPOLL_CHANGE_COOKIE))
		return xp_batch_by_cookie(batch, change);
	if ((change->flags & XPOLL_CHANGE_CLOSE) && !xp_closehook_attached())
		err = xp_batch_attach(batch);
	if (!err)
		err = xp_batch_by_fd(batch, change, &found);
	if (!err && (change->flags & XPOLL_CHANGE_COOKIE)) {
		change->data = found.cookie;
		batch->cookies = true;
	}
	return err;
}

static __always_inline int xp_batch_modify(struct batch *batch, const struct xpoll_change *change,
					   struct file *target, poll_table *pt,
					   struct ep_found *found)
{
	__poll_t events = (__force __poll_t)change->events;
	int err = xp_ctl_check(batch->epfile, target, EPOLL_CTL_MOD, events);
	struct eventpoll *ep = xp_batch_instance(batch);

	if (err)
		return err;
	events = xp_wakesource_permit(ep, events) | EPOLLERR | EPOLLHUP;
	return xp_modify(ep, xp_epitem_find(ep, target, change->fd), events, change->data, pt,
			 found);
}

/* A MOD without flags. */
static __always_inline int xp_batch_modify_by_fd(struct batch *batch,
						 const struct xpoll_change *change, poll_table *pt)
{
	struct ep_found found = {};
	int err = -EBADF;
	struct fd target;

	if (unlikely(xp_batch_has_pending(batch, change->fd)))
		xp_batch_list_pending(batch, 0);
	target = xp_fdget(change->fd);
	if (!fd_file(target))
		return err;
	err = xp_batch_modify(batch, change, fd_file(target), pt, &found);
	xp_lastref_fdput(target);
	if (trace_xpoll_ctl_enabled())
		xp_ctl_trace_made(batch->epfile, change, 0, err);
	if (found.epi)
		xp_batch_found(batch, found.epi, found.revents);
	return err;
}

/*
 * MOD is inline: 40 guest instructions less for each by descriptor on 6.12, 80 by slot. Half of
 * these were what functions save and restore.
 */
static __always_inline int xp_batch_change(struct batch *batch, struct xpoll_change *change,
					   poll_table *pt)
{
	struct ep_found found;

	if (!change->flags)
		return change->op == EPOLL_CTL_MOD ? xp_batch_modify_by_fd(batch, change, pt) :
						     xp_batch_by_fd(batch, change, &found);
	if (change->flags == XPOLL_CHANGE_SLOT && change->op == EPOLL_CTL_MOD &&
	    xp_batch_instance(batch)->ring)
		return xp_batch_modify_slot(batch, change, pt);
	return xp_batch_flagged(batch, change);
}

/* Return: whether there is an end to all changes. */
static __always_inline bool xp_batch_make(struct batch *batch)
{
	struct xpoll_change *change = batch->changes, *end = change + batch->nr;
	struct poll_table_struct pt XP_UNINITIALIZED;

	init_poll_funcptr(&pt, NULL);
	for (; change < end; change++) {
		change->result = xp_batch_change(batch, change, &pt);
		if (change->result < 0) {
			batch->failed++;
			if (batch->stop) {
				batch->made = change + 1 - batch->changes;
				return true;
			}
		}
	}
	batch->made = batch->nr;
	return false;
}

static int xp_results_store(struct batch *batch, const struct xpoll_enter *args,
			    struct xpoll_enter __user *to, struct tally *tally, bool last)
{
	struct xpoll_change __user *changes = u64_to_user_ptr(args->changes);
	int err = xp_batch_store(batch, changes + tally->done);

	if (unlikely(batch->cookies) && !err)
		err = xp_cookies_store(batch, changes + tally->done);
	if (err)
		return err;
	tally->done += batch->made;
	tally->failed += batch->failed;
	return last ? xp_tally_store(tally, to) : 0;
}

/*
 * One batch, from tally->done on. @room: the most events that it may deliver, if it is the last
 * one. Return: the number of events, or -EFAULT.
 */
static int xp_batch_run(struct batch *batch, const struct xpoll_enter *args,
			struct xpoll_enter __user *to, struct tally *tally, unsigned int room,
			bool *stopped)
{
	struct xpoll_change __user *changes = u64_to_user_ptr(args->changes);
	struct eventpoll *ep = xp_batch_instance(batch);
	bool last = tally->done + batch->nr == args->nchanges;
	int n;

	if (xp_changes_read(batch->changes, changes + tally->done, batch->nr))
		return -EFAULT;
	batch->failed = 0;
	batch->cookies = false;
	xp_eventpoll_lock(ep);
	xp_batch_may_deliver(batch, last ? room : 0);
	*stopped = xp_batch_make(batch);
	if (!batch->npending)
		xp_eventpoll_unlock(ep);
	n = xp_results_store(batch, args, to, tally, last || *stopped);
	if (!batch->npending)
		return n;
	if (n)
		xp_batch_list_pending(batch, 0);
	else
		n = xp_batch_deliver(batch);
	xp_eventpoll_unlock(ep);
	return n;
}

/* Return: 0, or -EINTR if the task is being killed. */
static int xp_changes_pause(void)
{
	cond_resched();
	return fatal_signal_pending(current) ? -EINTR : 0;
}

int xp_changes_make(struct file *epfile, const struct xpoll_enter *args,
		    struct xpoll_enter __user *to, bool *stopped)
{
	unsigned int room = args->minevents > 1 || (args->flags & XPOLL_ENTER_EXTENDED) ?
			    0 : min_t(unsigned int, args->maxevents, XP_BATCH_SIZE);
	struct batch batch XP_UNINITIALIZED;
	struct tally tally = {};
	int n = 0;

	*stopped = false;
	if (!args->nchanges)
		return xp_tally_store(&tally, to);
	batch.epfile = epfile;
	batch.uevents = u64_to_user_ptr(args->events);
	batch.stop = args->flags & XPOLL_ENTER_STOP;
	batch.nr = args->nchanges % XP_BATCH_SIZE ?: XP_BATCH_SIZE;
	batch.npending = 0;
	batch.fds = 0;
	for (;;) {
		n = xp_batch_run(&batch, args, to, &tally, room, stopped);
		if (n < 0 || *stopped || tally.done == args->nchanges)
			break;
		batch.nr = XP_BATCH_SIZE;
		n = xp_changes_pause();
		if (n)
			break;
	}
	/* it may be that which can't be written; then there is nothing that could be told */
	if (n < 0)
		xp_tally_store(&tally, to);
	return n;
}
