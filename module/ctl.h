/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XPOLL_CTL_H
#define XPOLL_CTL_H

#include <linux/poll.h>

#include "eventpoll.h"

struct epitem;
struct file;
struct xpoll_change;

/*
 * An item that a change found ready, with what is ready; @epi is NULL if it did not. @cookie: that
 * of the watch that an addition with XPOLL_CHANGE_COOKIE added. @tells and @told_of: those of the
 * two instances before an addition with XPOLL_CHANGE_REMOVED.
 */
struct ep_found {
	struct epitem *epi;
	__poll_t revents;
	bool tells;
	bool told_of;
	u64 cookie;
};

/* Returned by xp_ctl_make(): call xp_ctl_make_nested(). */
#define XP_CTL_NESTED INT_MAX

/*
 * Make a change of XPOLL_IOC_ENTER to the instance of @epfile, whose mutex the caller holds. The
 * caller has to put the item in @found on the ready list or to deliver its event; found->epi is
 * NULL before the call.
 *
 * Return: 0; the watch's slot, after ADD and UPSERT on an instance with a ring; -errno; or
 * XP_CTL_NESTED if the change needs xp_nest_mutex; then it was not made.
 */
int xp_ctl_make(struct file *epfile, const struct xpoll_change *from, struct ep_found *found);
/* As xp_ctl_make(), without the mutex. Puts the item on the ready list itself. */
int xp_ctl_make_nested(struct file *epfile, const struct xpoll_change *from,
		       struct ep_found *found);
/* EPOLL_CTL_MOD of @epi, which has the cookie of @from. As xp_ctl_make(). */
int xp_ctl_modify_by_cookie(struct file *epfile, struct epitem *epi,
			    const struct xpoll_change *from, struct ep_found *found);
/* EPOLL_CTL_DEL of @epi; under the mutex. */
void xp_ctl_remove_by_cookie(struct file *epfile, struct epitem *epi);

/*
 * Tell tracers of a change and what it returned. @watches: counts.watches before the change, under
 * the mutex; for UPSERT.
 */
void xp_ctl_trace_made(const struct file *epfile, const struct xpoll_change *from, u64 watches,
		       int err);
/* The same of a change by slot. */
void xp_ctl_trace_slot(const struct file *epfile, const struct xpoll_change *from, int err);

/* XPOLL_IOC_CTL on the instance of @epfile. Return: 0 or -errno. */
long xp_ctl(struct file *epfile, void __user *argp);

/*
 * epoll_ctl(2) on the instance of @epfile. @event is in the kernel, and ignored for EPOLL_CTL_DEL.
 * @nonblock: return -EAGAIN rather than wait for a mutex other than eventpoll.tree_mutex. Return: 0
 * or -errno.
 */
long xp_ctl_call(struct file *epfile, int op, int fd, const struct epoll_event *event,
		 bool nonblock);

/* As xp_ctl_call(), of the file @target, which the caller holds. */
long xp_ctl_held(struct file *epfile, int op, struct file *target, int fd,
		 const struct epoll_event *event, bool nonblock);

#endif /* XPOLL_CTL_H */
