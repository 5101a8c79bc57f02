/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XPOLL_CTL_H
#define XPOLL_CTL_H

#include <linux/poll.h>

#include "eventpoll.h"

struct epitem;
struct file;

/*
 * What the caller asks for; @event is zero for EPOLL_CTL_DEL. @nonblock: xp_ctl_call() never
 * waits for a mutex.
 */
struct ep_change {
	int op;
	int fd;
	struct epoll_event event;
	bool nonblock;
};

/* A change that found the item ready: @epi with @revents. @epi is NULL if it did not. */
struct ep_found {
	struct epitem *epi;
	__poll_t revents;
};

/*
 * Check a change of @target, the file of change->fd, in which EPOLL_CTL_ADD, _MOD, _DEL and
 * XPOLL_CTL_UPSERT are known, and set the bits that are always set. Return: 0 or -errno.
 */
int xp_ctl_permit(const struct file *epfile, const struct file *target, struct ep_change *change);

/* Returned by xp_ctl_apply(): call xp_ctl_insert_nested(). */
#define XP_CTL_NESTED 1

/*
 * Make a change that xp_ctl_permit() has checked. The caller holds the instance's mutex. The
 * item in @found, which the caller has to put on the ready list or to deliver, is not on
 * any list because of this change.
 *
 * Return: 0, -errno, or XP_CTL_NESTED if the change needs xp_nest_mutex; then it was not made.
 */
int xp_ctl_apply(struct eventpoll *ep, struct file *target, const struct ep_change *change,
		 struct ep_found *found);
/* As xp_ctl_apply(), if this does not hold the mutex. Puts the item on the ready list itself. */
int xp_ctl_insert_nested(struct eventpoll *ep, struct file *target, const struct ep_change *change);

/* XPOLL_IOC_CTL on the instance of @epfile. Return: 0 or -errno. */
long xp_ctl(struct file *epfile, void __user *argp);

/*
 * epoll_ctl(2) on the instance of @epfile. @event is in the kernel, and ignored for EPOLL_CTL_DEL.
 * @nonblock: return -EAGAIN instead of waiting for a mutex. Return: 0 or -errno.
 */
int xp_ctl_call(struct file *epfile, int op, int fd, const struct epoll_event *event,
		bool nonblock);

#endif /* XPOLL_CTL_H */
