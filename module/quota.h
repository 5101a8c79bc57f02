/* SPDX-License-Identifier: GPL-2.0-only */
/* Limits the number of watches in all instances of a user. */
#ifndef XPOLL_QUOTA_H
#define XPOLL_QUOTA_H

#include <linux/errno.h>
#include <linux/percpu_counter.h>
#include <linux/sched/user.h>
#include <linux/types.h>

extern long xp_max_user_watches;

/* @cost: bytes of memory that one watch takes */
void xp_quota_init(unsigned long cost);

static inline long xp_quota_limit(void)
{
	return READ_ONCE(xp_max_user_watches);
}

/*
 * Charge @user for memory that takes as much as @watches, which may be 0. Without a user there is
 * no limit. Return: 0 or -ENOSPC.
 */
static inline int xp_quota_charge_many(struct user_struct *user, u32 watches)
{
	if (!user || !watches)
		return 0;
	if (percpu_counter_compare(&user->epoll_watches, xp_quota_limit() - watches) > 0)
		return -ENOSPC;
	percpu_counter_add(&user->epoll_watches, watches);
	return 0;
}

static inline void xp_quota_uncharge_many(struct user_struct *user, u32 watches)
{
	if (user && watches)
		percpu_counter_sub(&user->epoll_watches, watches);
}

/* The same for one watch. */
static inline int xp_quota_charge(struct user_struct *user)
{
	return xp_quota_charge_many(user, 1);
}

static inline void xp_quota_uncharge(struct user_struct *user)
{
	xp_quota_uncharge_many(user, 1);
}

#endif /* XPOLL_QUOTA_H */
