// SPDX-License-Identifier: GPL-2.0-only
/*
 * CTL: decode, check, then add, change or remove one item. The checks are in epoll's order,
 * because a program can tell which of two errors comes first. changes.c makes several changes
 * under one hold of the mutex, by xp_ctl_make(). What a MOD shares with that is in modify.h.
 */
#include <linux/err.h>
#include <linux/file.h>
#include <linux/minmax.h>
#include <linux/sched/signal.h>
#include <linux/uaccess.h>

#include <linux/xpoll.h>

#include "compat.h"
#include "compat_file.h"
#include "ctl.h"
#include "ended.h"
#include "epitem.h"
#include "fdget.h"
#include "hook.h"
#include "lastref.h"
#include "link.h"
#include "modify.h"
#include "nest.h"
#include "owned.h"
#include "paths.h"
#include "ring.h"
#include "slots.h"
#include "trace.h"
#include "wakesource.h"

/*
 * What the caller asks for; @event is zero for EPOLL_CTL_DEL. @nonblock: fail rather than wait for
 * a mutex other than eventpoll.tree_mutex.
 * @flags: XPOLL_CHANGE_*.
 */
struct ep_change {
	int op;
	int fd;
	struct epoll_event event;
	bool nonblock;
	u16 flags;
};

/* The mutex of @ep. Return: 0, or -EAGAIN if another task holds it and the caller won't wait. */
static inline int xp_ctl_lock(struct eventpoll *ep, const struct ep_change *change)
{
	if (likely(!change->nonblock)) {
		xp_eventpoll_lock(ep);
		return 0;
	}
	if (!mutex_trylock(&ep->mtx))
		return -EAGAIN;
	xp_ended_check(ep);
	return 0;
}

/* Change @epi, which is NULL if the target is not watched. */
static __always_inline int xp_ctl_modify(struct eventpoll *ep, struct epitem *epi,
					 const struct ep_change *change, struct ep_found *found)
{
	struct poll_table_struct pt XP_UNINITIALIZED;

	init_poll_funcptr(&pt, NULL);
	return xp_modify(ep, epi, change->event.events, change->event.data, &pt, found);
}

/* XPOLL_CTL_UPSERT of what turned out to be watched. Out of line, since it is rare. */
static noinline int xp_ctl_modify_found(struct eventpoll *ep, struct epitem *epi,
					const struct ep_change *change, struct ep_found *found)
{
	return xp_ctl_modify(ep, epi, change, found);
}

/* The end of a watch of @target will be an event of @ep, and the last close one of @target. */
static void xp_ctl_tell(struct eventpoll *ep, const struct file *target, struct ep_found *found)
{
	struct eventpoll *inner = xp_eventpoll_of(target);

	lockdep_assert_held(&ep->mtx);
	found->tells = ep->tells;
	WRITE_ONCE(ep->tells, true);
	if (inner) {
		lockdep_assert_held(&xp_nest_mutex);
		found->told_of = inner->told_of;
		inner->told_of = true;
	}
}

/*
 * A failed addition limits no paths. @inner: the target if it is an instance and the caller holds
 * xp_nest_mutex; NULL otherwise.
 */
static noinline void xp_ctl_untell(struct eventpoll *ep, struct eventpoll *inner,
				   const struct ep_found *found)
{
	lockdep_assert_held(&ep->mtx);
	WRITE_ONCE(ep->tells, found->tells);
	if (inner) {
		lockdep_assert_held(&xp_nest_mutex);
		inner->told_of = found->told_of;
	}
}

/* Create a wide item. @flags: XPOLL_CHANGE_*. Return: as xp_epitem_create_wide(). */
static noinline struct epitem *xp_ctl_create_wide(struct eventpoll *ep, struct file *target,
						  const struct ep_change *change, u16 flags,
						  struct ep_found *found)
{
	struct files_struct *owner = flags & XPOLL_CHANGE_CLOSE ? current->files : NULL;
	struct epitem *epi = xp_epitem_create_wide(ep, target, change->fd, &change->event, owner);
	int err;

	if (IS_ERR(epi))
		return epi;
	if (flags & XPOLL_CHANGE_TIME)
		xp_wide(epi)->has |= EP_WIDE_TIMES;
	if (!(flags & XPOLL_CHANGE_COOKIE))
		return epi;
	err = xp_epitem_number(xp_wide(epi));
	if (err) {
		xp_epitem_discard(ep, epi);
		return ERR_PTR(err);
	}
	found->cookie = xp_wide(epi)->cookie;
	return epi;
}

/*
 * A wide item is about to have been added. Return: 0; or -EBADF if it ends with its number, which
 * is not the target's any more.
 */
static noinline int xp_ctl_added_wide(struct eventpoll *ep, struct epitem *epi, u16 flags)
{
	struct ep_wide *wide = xp_wide(epi);

	if (wide->owner && !xp_owned_stands(wide, current->files))
		return -EBADF;
	if (flags & XPOLL_CHANGE_REMOVED) {
		wide->has |= EP_WIDE_TELLS;
		ep->cleans = true;
	}
	return 0;
}

static __always_inline u16 xp_ctl_flags(const struct eventpoll *ep, const struct ep_change *change)
{
	return change->flags | ep->add_flags;
}

/* Return: a new item, which is in no tree, or ERR_PTR(). */
static __always_inline struct epitem *xp_ctl_create(struct eventpoll *ep, struct file *target,
						    const struct ep_change *change, u16 flags,
						    struct ep_found *found)
{
	if (unlikely(flags))
		return xp_ctl_create_wide(ep, target, change, flags, found);
	return xp_epitem_create(ep, target, change->fd, &change->event);
}

/*
 * Hook the new item, which is in the tree, into its file. This calls ->poll(), which may wait for
 * user space. If hooking fails, remove the item. @told_of of a target that is an instance stays
 * set, because the caller no longer holds xp_nest_mutex.
 *
 * @instance: the target is an instance. A fatal signal ends waits of its ->poll(), see
 * XP_POLL_KILLABLE.
 */
static __always_inline int xp_ctl_arm(struct eventpoll *ep, struct epitem *epi,
				      const struct ep_change *change, u16 flags, bool instance,
				      struct ep_found *found)
{
	__poll_t revents;
	int err = 0;

	if (change->event.events & EPOLLWAKEUP)
		err = xp_wakesource_create(epi);
	if (!err)
		err = xp_epitem_hook(epi, &revents);
	if (instance && !err && fatal_signal_pending(current))
		err = -EINTR;
	if (unlikely(flags) && !err)
		err = xp_ctl_added_wide(ep, epi, flags);
	if (err) {
		xp_epitem_remove(ep, epi);
		if (flags & XPOLL_CHANGE_REMOVED)
			xp_ctl_untell(ep, NULL, found);
		return err;
	}
	ep->counts.watches++;
	found->revents = revents;
	if (revents)
		found->epi = epi;
	return 0;
}

/* @epi is watched already. */
static __always_inline int xp_ctl_insert_found(struct eventpoll *ep, struct epitem *epi,
					       const struct ep_change *change,
					       struct ep_found *found)
{
	if (change->op == XPOLL_CTL_UPSERT)
		return xp_ctl_modify_found(ep, epi, change, found);
	return -EEXIST;
}

/* Out of line, since it is rare. */
static noinline int xp_ctl_insert_unlinked(struct eventpoll *ep, struct epitem *epi, u16 flags,
					   const struct ep_found *found)
{
	xp_epitem_discard(ep, epi);
	if (flags & XPOLL_CHANGE_REMOVED)
		xp_ctl_untell(ep, NULL, found);
	return XP_CTL_NESTED;
}

/*
 * Add a file that is no instance to an instance that nobody watches: this lengthens no chain and
 * needs no xp_nest_mutex. Return: 0, -errno, or XP_CTL_NESTED if the instance is watched.
 */
static __always_inline int xp_ctl_insert(struct eventpoll *ep, struct file *target,
					 const struct ep_change *change, struct ep_found *found)
{
	struct xp_place place;
	struct epitem *epi = xp_epitem_find_place(ep, target, change->fd, &place);
	u16 flags = xp_ctl_flags(ep, change);

	if (epi)
		return xp_ctl_insert_found(ep, epi, change, found);
	epi = xp_ctl_create(ep, target, change, flags, found);
	if (IS_ERR(epi))
		return PTR_ERR(epi);
	/* before a walk may see the item */
	if (unlikely(flags & XPOLL_CHANGE_REMOVED))
		xp_ctl_tell(ep, target, found);
	if (unlikely(!xp_epitem_link(ep, epi, &place, false)))
		return xp_ctl_insert_unlinked(ep, epi, flags, found);
	return xp_ctl_arm(ep, epi, change, flags, false, found);
}

/* Return: the slot of the watch that a change added or changed, on an instance with a ring. */
static noinline int xp_ctl_slot(struct eventpoll *ep, const struct file *target, int fd)
{
	return xp_ring_item(xp_epitem_find(ep, target, fd))->slot;
}

static inline void xp_ctl_found(struct eventpoll *ep, const struct ep_found *found)
{
	if (found->epi)
		xp_list_found(ep, found->epi, found->revents);
}

/* Link @epi, and count the paths that it adds. If they are not allowed, remove it. */
static int xp_ctl_link_checked(struct eventpoll *ep, struct epitem *epi,
			       const struct xp_place *place, const struct ep_change *change,
			       struct ep_found *found)
{
	bool tells = xp_ctl_flags(ep, change) & XPOLL_CHANGE_REMOVED;
	struct file *target = epi->file;
	int err;

	/* before the paths up are counted */
	if (tells)
		xp_ctl_tell(ep, target, found);
	xp_epitem_link(ep, epi, place, true);
	err = xp_nest_check_paths(epi);
	if (!err)
		return 0;
	xp_epitem_remove(ep, epi);
	if (tells)
		xp_ctl_untell(ep, xp_eventpoll_of(target), found);
	return err;
}

/*
 * The part of an addition that needs xp_nest_mutex: the checks, and the place of @epi in the tree,
 * where the walks of other additions find it from then on. @epi: a new item, or ERR_PTR(). An error
 * of the checks is returned in preference to that of @epi. If the item is not linked, it is
 * discarded.
 */
static int xp_ctl_check_nested(struct eventpoll *ep, struct file *target, struct epitem *epi,
			       const struct xp_place *place, const struct ep_change *change,
			       struct ep_found *found)
{
	struct eventpoll *inner = xp_eventpoll_of(target);
	int err = 0;

	lockdep_assert_held(&ep->mtx);
	lockdep_assert_held(&xp_nest_mutex);
	if (inner) {
		WRITE_ONCE(inner->nesting, true);
		smp_mb(); /* pairs with smp_mb__after_atomic() in xp_nest_begin_posts() */
		err = xp_nest_check_depth(ep, inner);
	}
	if (IS_ERR(epi))
		err = err ?: PTR_ERR(epi);
	else if (err)
		xp_epitem_discard(ep, epi);
	else
		err = xp_ctl_link_checked(ep, epi, place, change, found);
	if (inner) {
		/* pairs with xp_is_nested(): it sees @watchers raised then, unless this failed */
		smp_store_release(&inner->nesting, false);
	}
	return err;
}

/*
 * An addition that may lengthen a chain or add a path. It allocates the item before it takes
 * xp_nest_mutex, and calls ->poll() after it has released it.
 */
static int xp_ctl_insert_locked(struct eventpoll *ep, struct file *target,
				const struct ep_change *change, struct ep_found *found)
{
	bool instance = xp_eventpoll_of(target);
	struct xp_place place;
	struct epitem *watched = xp_epitem_find_place(ep, target, change->fd, &place);
	u16 flags = xp_ctl_flags(ep, change);
	struct epitem *epi = watched ? ERR_PTR(-EEXIST) :
				       xp_ctl_create(ep, target, change, flags, found);
	int err = mutex_lock_killable(&xp_nest_mutex);

	lockdep_assert_held(&ep->mtx);
	if (err) {
		if (!IS_ERR(epi))
			xp_epitem_discard(ep, epi);
		return err;
	}
	err = xp_ctl_check_nested(ep, target, epi, &place, change, found);
	xp_nest_unlock();
	if (watched && err == -EEXIST)
		return xp_ctl_insert_found(ep, watched, change, found);
	return err ?: xp_ctl_arm(ep, epi, change, flags, instance, found);
}

/*
 * Wait for xp_nest_mutex, which walks of other users may hold for long, before the caller takes the
 * mutex of its instance. So other tasks can use the instance meanwhile. If another task takes
 * xp_nest_mutex first, the caller waits again under the mutex of its instance.
 */
static int xp_ctl_await_nest(void)
{
	int err;

	if (likely(!mutex_is_locked(&xp_nest_mutex)))
		return 0;
	err = mutex_lock_killable(&xp_nest_mutex);
	if (!err)
		mutex_unlock(&xp_nest_mutex);
	return err;
}

/* Return: 0 or -errno; with a ring, the watch's slot. */
static int xp_ctl_insert_nested(struct eventpoll *ep, struct file *target,
				const struct ep_change *change, struct ep_found *found)
{
	/* a caller that must not wait gets -EAGAIN even if xp_nest_mutex is free */
	int err = change->nonblock ? -EAGAIN : xp_ctl_await_nest();

	err = err ?: mutex_lock_killable(&ep->mtx);
	if (err)
		return err;
	xp_ended_check(ep);
	err = xp_ctl_insert_locked(ep, target, change, found);
	xp_ctl_found(ep, found);
	if (!err && ep->ring)
		err = xp_ctl_slot(ep, target, change->fd);
	xp_eventpoll_unlock(ep);
	return err;
}

static int xp_ctl_add(struct eventpoll *ep, struct file *target, const struct ep_change *change)
{
	struct ep_found found;
	int err;

	found.epi = NULL;
	if (xp_eventpoll_of(target))
		return min(xp_ctl_insert_nested(ep, target, change, &found), 0);

	err = xp_ctl_lock(ep, change);
	if (err)
		return err;
	/* xp_epitem_link() repeats this test under @tree_mutex */
	err = xp_is_nested(ep) ? XP_CTL_NESTED : xp_ctl_insert(ep, target, change, &found);
	xp_ctl_found(ep, &found);
	xp_eventpoll_unlock(ep);
	if (unlikely(err == XP_CTL_NESTED))
		err = min(xp_ctl_insert_nested(ep, target, change, &found), 0);
	return err;
}

static int xp_ctl_mod(struct eventpoll *ep, struct file *target, const struct ep_change *change)
{
	int err = xp_ctl_lock(ep, change);
	struct ep_found found;

	if (err)
		return err;
	found.epi = NULL;
	err = xp_ctl_modify(ep, xp_epitem_find(ep, target, change->fd), change, &found);
	xp_ctl_found(ep, &found);
	xp_eventpoll_unlock(ep);
	return err;
}

static inline int xp_ctl_remove(struct eventpoll *ep, struct file *target,
				const struct ep_change *change)
{
	struct epitem *epi = xp_epitem_find(ep, target, change->fd);

	if (!epi)
		return -ENOENT;
	xp_epitem_remove(ep, epi);
	return 0;
}

static int xp_ctl_del(struct eventpoll *ep, struct file *target, const struct ep_change *change)
{
	int err = xp_ctl_lock(ep, change);

	if (err)
		return err;
	err = xp_ctl_remove(ep, target, change);
	xp_eventpoll_unlock(ep);
	return err;
}

/* Return: the bits that are always set in the events of a change. */
static __always_inline __poll_t xp_ctl_always(const struct ep_change *change)
{
	return change->flags & XPOLL_CHANGE_ONLY ? 0 : EPOLLERR | EPOLLHUP;
}

/* As xp_ctl_check(), with XPOLL_CTL_UPSERT. Sets the bits that are always set. */
static __always_inline int xp_ctl_permit(const struct file *epfile, const struct file *target,
					 struct ep_change *change)
{
	__poll_t events = change->event.events;
	int op = change->op, err;

	/* an EXCLUSIVE watch can't be changed, so UPSERT makes none */
	err = xp_ctl_check(epfile, target, op == XPOLL_CTL_UPSERT ? EPOLL_CTL_ADD : op, events);
	if (err)
		return err;
	if (op == EPOLL_CTL_DEL)
		return 0;
	if (op == XPOLL_CTL_UPSERT && (events & EPOLLEXCLUSIVE))
		return -EINVAL;
	change->event.events = xp_wakesource_permit(epfile->private_data, events) |
			       xp_ctl_always(change);
	return 0;
}

static __always_inline struct ep_change xp_ctl_change_of(const struct xpoll_change *from, int op,
							 u16 flags)
{
	struct ep_change change = { .op = op, .fd = from->fd, .flags = flags };

	if (op != EPOLL_CTL_DEL) {
		change.event.events = (__force __poll_t)from->events;
		change.event.data = from->data;
	}
	return change;
}

/* As xp_ctl_make(); the caller holds @target. @op: from->op. @flags: from->flags */
static __always_inline int xp_ctl_apply(struct file *epfile, struct file *target,
					const struct xpoll_change *from, struct ep_found *found,
					int op, u16 flags)
{
	struct ep_change change = xp_ctl_change_of(from, op, flags);
	struct eventpoll *ep = epfile->private_data;
	int err = xp_ctl_permit(epfile, target, &change);
	struct epitem *epi;

	if (err)
		return err;
	if (op == EPOLL_CTL_DEL)
		return xp_ctl_remove(ep, target, &change);
	if (op == EPOLL_CTL_MOD || op == XPOLL_CTL_UPSERT) {
		epi = xp_epitem_find(ep, target, change.fd);
		if (op == EPOLL_CTL_MOD)
			return xp_ctl_modify(ep, epi, &change, found);
		if (epi)
			return xp_ctl_modify_found(ep, epi, &change, found) ?:
				       xp_ring_slot(ep, epi);
	} else if (op != EPOLL_CTL_ADD) {
		return -EINVAL;
	}
	/* xp_epitem_link() repeats this test under @tree_mutex */
	if (xp_eventpoll_of(target) || xp_is_nested(ep))
		return XP_CTL_NESTED;
	err = xp_ctl_insert(ep, target, &change, found);
	return likely(err || !ep->ring) ? err : xp_ctl_slot(ep, target, change.fd);
}

/* Out of line, so that DEL needs no stack protector. */
static noinline int xp_ctl_apply_add(struct file *epfile, struct file *target,
				     const struct xpoll_change *from, struct ep_found *found)
{
	return xp_ctl_apply(epfile, target, from, found, EPOLL_CTL_ADD, 0);
}

static noinline int xp_ctl_apply_other(struct file *epfile, struct file *target,
				       const struct xpoll_change *from, struct ep_found *found)
{
	return xp_ctl_apply(epfile, target, from, found, from->op, from->flags);
}

static __always_inline void xp_ctl_trace(const struct file *epfile, const struct ep_change *change,
					 int err)
{
	trace_xpoll_ctl(epfile->private_data, change->op, change->fd,
			(__force __poll_t)change->event.events, change->event.data, err);
}

/* An UPSERT is told as what it did. @watches: counts.watches before the change, under the mutex. */
void xp_ctl_trace_made(const struct file *epfile, const struct xpoll_change *from, u64 watches,
		       int err)
{
	const struct eventpoll *ep = epfile->private_data;
	struct ep_change change = xp_ctl_change_of(from, from->op, from->flags);

	if (change.op == XPOLL_CTL_UPSERT)
		change.op = ep->counts.watches == watches ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;
	if (change.op != EPOLL_CTL_DEL)
		change.event.events |= xp_ctl_always(&change);
	xp_ctl_trace(epfile, &change, err);
}

/* The operation is a constant in what a DEL and a plain ADD do, so neither tests for the others. */
int xp_ctl_make(struct file *epfile, const struct xpoll_change *from, struct ep_found *found)
{
	const struct eventpoll *ep = epfile->private_data;
	const u64 watches = ep->counts.watches;
	struct fd target = xp_fdget(from->fd);
	struct file *file = fd_file(target);
	int err;

	if (!file)
		return -EBADF;
	if (from->op == EPOLL_CTL_DEL)
		err = xp_ctl_apply(epfile, file, from, found, EPOLL_CTL_DEL, 0);
	else if (from->op == EPOLL_CTL_ADD && !from->flags)
		err = xp_ctl_apply_add(epfile, file, from, found);
	else
		err = xp_ctl_apply_other(epfile, file, from, found);
	xp_lastref_fdput(target);
	if (trace_xpoll_ctl_enabled() && err != XP_CTL_NESTED)
		xp_ctl_trace_made(epfile, from, watches, err);
	return err;
}

int xp_ctl_make_nested(struct file *epfile, const struct xpoll_change *from,
		       struct ep_found *found)
{
	struct ep_change change = xp_ctl_change_of(from, from->op, from->flags);
	struct fd target = fdget(from->fd);
	int err;

	if (!fd_file(target))
		return -EBADF;
	err = xp_ctl_permit(epfile, fd_file(target), &change);
	if (!err)
		err = xp_ctl_insert_nested(epfile->private_data, fd_file(target), &change, found);
	xp_lastref_fdput(target);
	if (change.op == XPOLL_CTL_UPSERT)
		change.op = EPOLL_CTL_ADD;
	xp_ctl_trace(epfile, &change, err);
	return err;
}

void xp_ctl_trace_slot(const struct file *epfile, const struct xpoll_change *from, int err)
{
	const struct ep_change change = xp_ctl_change_of(from, from->op, 0);

	xp_ctl_trace(epfile, &change, err);
}

/* The descriptor may be closed, so nobody holds the file. */
static int xp_ctl_modify_held(struct eventpoll *ep, struct epitem *epi, struct ep_change *change,
			      struct ep_found *found)
{
	struct file *file = epi->file;
	int err;

	if (change->event.events & EPOLLEXCLUSIVE)
		return -EINVAL;
	if (!xp_file_get_live(file))
		return -ENOENT;
	change->event.events = xp_wakesource_permit(ep, change->event.events) |
			       xp_ctl_always(change);
	err = xp_ctl_modify(ep, epi, change, found);
	/* the item stays until the mutex is let go, since the last close waits for it */
	if (unlikely(xp_file_put_keep_last(file)))
		xp_lastref_give_file(file);
	return err;
}

int xp_ctl_modify_by_cookie(struct file *epfile, struct epitem *epi,
			    const struct xpoll_change *from, struct ep_found *found)
{
	struct ep_change change = xp_ctl_change_of(from, EPOLL_CTL_MOD, from->flags);
	struct eventpoll *ep = epfile->private_data;
	int err;

	lockdep_assert_held(&ep->mtx);
	change.fd = epi->fd;
	err = xp_ctl_modify_held(ep, epi, &change, found);
	xp_ctl_trace(epfile, &change, err);
	return err;
}

void xp_ctl_remove_by_cookie(struct file *epfile, struct epitem *epi)
{
	struct eventpoll *ep = epfile->private_data;

	lockdep_assert_held(&ep->mtx);
	/* it can't fail, and @epi is gone afterwards */
	trace_xpoll_ctl(ep, EPOLL_CTL_DEL, epi->fd, 0, 0, 0);
	xp_epitem_remove(ep, epi);
}

static int xp_ctl_target(struct file *epfile, struct file *target, struct ep_change *change)
{
	struct eventpoll *ep = epfile->private_data;
	int err = xp_ctl_check(epfile, target, change->op, change->event.events);

	if (err)
		return err;
	if (change->op == EPOLL_CTL_DEL)
		return xp_ctl_del(ep, target, change);

	change->event.events = xp_wakesource_permit(ep, change->event.events) | EPOLLERR |
			       EPOLLHUP;
	if (change->op == EPOLL_CTL_ADD)
		return xp_ctl_add(ep, target, change);
	if (change->op == EPOLL_CTL_MOD)
		return xp_ctl_mod(ep, target, change);
	return -EINVAL;
}

/*
 * Arguments in registers, so that the callers need no stack frame: 27 guest instructions for each
 * change on 6.12.
 */
static long xp_ctl_change_file(struct file *epfile, int op, int fd, __poll_t events, u64 data,
			       bool nonblock)
{
	struct ep_change change = {
		.op = op,
		.fd = fd,
		.event = { .events = events, .data = data },
		.nonblock = nonblock,
	};
	struct fd target = xp_fdget(fd);
	long err;

	if (!fd_file(target))
		return -EBADF;
	err = xp_ctl_target(epfile, fd_file(target), &change);
	fdput(target);
	xp_ctl_trace(epfile, &change, err);
	return err;
}

/* Field by field, which costs less than a call of copy_from_user(). */
static int xp_ctl_get(struct xpoll_ctl *ctl, const struct xpoll_ctl __user *from)
{
	if (!user_read_access_begin(from, sizeof(*from)))
		return -EFAULT;
	unsafe_get_user(ctl->op, &from->op, fault);
	unsafe_get_user(ctl->fd, &from->fd, fault);
	unsafe_get_user(ctl->event, &from->event, fault);
	user_read_access_end();
	return 0;
fault:
	user_read_access_end();
	return -EFAULT;
}

static int xp_event_get(__poll_t *events, u64 *data, const struct epoll_event __user *from)
{
	if (!user_read_access_begin(from, sizeof(*from)))
		return -EFAULT;
	unsafe_get_user(*events, &from->events, fault);
	unsafe_get_user(*data, &from->data, fault);
	user_read_access_end();
	return 0;
fault:
	user_read_access_end();
	return -EFAULT;
}

long xp_ctl(struct file *epfile, void __user *argp)
{
	struct xpoll_ctl ctl;
	__poll_t events = 0;
	u64 data = 0;

	if (xp_ctl_get(&ctl, argp))
		return -EFAULT;
	if (ctl.op != EPOLL_CTL_DEL && xp_event_get(&events, &data, u64_to_user_ptr(ctl.event)))
		return -EFAULT;
	return xp_ctl_change_file(epfile, ctl.op, ctl.fd, events, data, false);
}

long xp_ctl_call(struct file *epfile, int op, int fd, const struct epoll_event *event,
		 bool nonblock)
{
	if (op == EPOLL_CTL_DEL)
		return xp_ctl_change_file(epfile, op, fd, 0, 0, nonblock);
	return xp_ctl_change_file(epfile, op, fd, event->events, event->data, nonblock);
}

long xp_ctl_held(struct file *epfile, int op, struct file *target, int fd,
		 const struct epoll_event *event, bool nonblock)
{
	struct ep_change change = { .op = op, .fd = fd, .nonblock = nonblock };
	long err;

	if (op != EPOLL_CTL_DEL)
		change.event = *event;
	err = xp_ctl_target(epfile, target, &change);
	xp_ctl_trace(epfile, &change, err);
	return err;
}
