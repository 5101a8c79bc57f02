/* SPDX-License-Identifier: GPL-2.0-only */
/* A wait that several events end. */
#ifndef XPOLL_MINIMUM_H
#define XPOLL_MINIMUM_H

#include <linux/compiler_types.h>
#include <linux/types.h>

struct ep_extended;
struct epoll_event;
struct eventpoll;

/**
 * struct ep_minimum - how many events end a wait
 * @events: this many, more than 1
 * @wait_ns: nanoseconds after which one is enough, or 0
 */
struct ep_minimum {
	unsigned int events;
	u64 wait_ns;
};

/* As xp_wait_untraced(), or with @extended as xp_wait_extended(). @timeout_ns is not 0. */
long xp_minimum_wait(struct eventpoll *ep, struct epoll_event __user *uevents,
		     const struct ep_extended *extended, int maxevents, s64 timeout_ns, u32 flags,
		     const struct ep_minimum *minimum);

#endif /* XPOLL_MINIMUM_H */
