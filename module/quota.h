/* SPDX-License-Identifier: GPL-2.0-only */
/* Limits the number of watches in all instances of a user. */
#ifndef XPOLL_QUOTA_H
#define XPOLL_QUOTA_H

#include <linux/types.h>

struct user_struct;

/* @cost: bytes of memory that one watch takes */
void xp_quota_init(unsigned long cost);
long xp_quota_limit(void);

/* Without a user there is no limit. Return: 0 or -ENOSPC. */
int xp_quota_charge(struct user_struct *user);
void xp_quota_uncharge(struct user_struct *user);

/* The same for memory that takes as much as @watches, which may be 0. */
int xp_quota_charge_many(struct user_struct *user, u32 watches);
void xp_quota_uncharge_many(struct user_struct *user, u32 watches);

#endif /* XPOLL_QUOTA_H */
