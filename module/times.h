/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * When a watch was woken, and how often, since its last event was delivered. A watch that asks for
 * it (XPOLL_CHANGE_TIME) has a callback of its own, so that others do not pay.
 *
 * Only a callback counts, under wq.lock; only a scan takes, under the mutex. A callback counts and
 * then looks whether a time is set; a scan takes the time and then reads the count. So if the
 * callback leaves a time alone that a scan takes, the scan sees the wake-up in the count.
 */
#ifndef XPOLL_TIMES_H
#define XPOLL_TIMES_H

#include <linux/limits.h>
#include <linux/timekeeping.h>

#include "wide.h"

/* What a scan has taken: @ns: the time of the first wake-up, or 0. @woken: wide->woken */
struct ep_times {
	u64 ns;
	u16 woken;
};

/* The file of @wide has told something that the watch waits for. */
static inline void xp_times_wake(struct ep_wide *wide)
{
	u16 woken = wide->woken;

	lockdep_assert_held(&wide->item.ep->wq.lock);
	if ((u16)(woken - READ_ONCE(wide->delivered)) != U16_MAX)
		WRITE_ONCE(wide->woken, woken + 1);
	smp_mb(); /* pairs with xchg() in xp_times_take() */
	/* a scan that took an earlier time may put it back meanwhile */
	if (!READ_ONCE(wide->woken_ns))
		cmpxchg(&wide->woken_ns, 0, ktime_get_ns());
}

/* Before the file is polled, so that what comes later counts for the next event; under ep->mtx. */
static __always_inline struct ep_times xp_times_take(struct ep_wide *wide)
{
	struct ep_times times = {};

	lockdep_assert_held(&wide->item.ep->mtx);
	if (!READ_ONCE(wide->woken_ns))
		return times;
	times.ns = xchg(&wide->woken_ns, 0);
	times.woken = READ_ONCE(wide->woken);
	return times;
}

/* No event was delivered. A callback may have set a time meanwhile, which is later. */
static inline void xp_times_put_back(struct ep_wide *wide, const struct ep_times *times)
{
	lockdep_assert_held(&wide->item.ep->mtx);
	if (times->ns)
		WRITE_ONCE(wide->woken_ns, times->ns);
}

#endif /* XPOLL_TIMES_H */
