/* SPDX-License-Identifier: GPL-2.0-only */
/* Changes by cookie. */
#ifndef XPOLL_BYCOOKIE_H
#define XPOLL_BYCOOKIE_H

#include <linux/xpoll.h>

#include "ctl.h"
#include "slots.h"

/* MOD or DEL by cookie: the flag alone, so that it saves these the tests for others. */
static inline bool xp_is_by_cookie(const struct xpoll_change *change)
{
	return change->flags == XPOLL_CHANGE_COOKIE &&
	       (change->op == EPOLL_CTL_MOD || change->op == EPOLL_CTL_DEL);
}

/* Return: the item that has the cookie of @change, or NULL. */
static inline struct epitem *xp_change_item(const struct eventpoll *ep,
					    const struct xpoll_change *change)
{
	return xp_slot_find(ep, (u32)change->fd | (u64)(u32)change->result << 32);
}

/* EPOLL_CTL_MOD or _DEL of @epi, which has the cookie of @change. As xp_ctl_make(). */
static __always_inline int xp_by_cookie(struct file *epfile, struct epitem *epi,
					const struct xpoll_change *change, struct ep_found *found)
{
	found->epi = NULL;
	if (change->op == EPOLL_CTL_MOD)
		return xp_ctl_modify_by_cookie(epfile, epi, change, found);
	xp_ctl_remove_by_cookie(epfile, epi);
	return 0;
}

#endif /* XPOLL_BYCOOKIE_H */
