/* SPDX-License-Identifier: GPL-2.0-only */
/* Extended events: polls an item for one, and stores it in the caller's array. */
#ifndef XPOLL_EXTENDED_H
#define XPOLL_EXTENDED_H

#include <linux/xpoll.h>

#include "amount.h"
#include "poll.h"
#include "post.h"
#include "removed.h"
#include "times.h"
#include "uaccess.h"
#include "wide.h"

/**
 * struct ep_extended - where a wait stores extended events
 * @events: the caller's array, which passed access_ok()
 * @batch: where the number of the scan goes that stores events
 * @offset_ns: of CLOCK_MONOTONIC in the caller's time namespace
 */
struct ep_extended {
	struct xpoll_event __user *events;
	u64 __user *batch;
	s64 offset_ns;
};

/*
 * What an event has besides an ordinary one. @wide: the item, if it is a wide one, and then @times
 * are set.
 */
struct ep_record {
	struct ep_wide *wide;
	struct ep_times times;
	u32 amount;
};

/* No event was delivered. */
static inline void xp_record_put_back(const struct ep_record *record)
{
	if (record->wide)
		xp_times_put_back(record->wide, &record->times);
}

/* As xp_epitem_poll() in scan.c for a scan that delivers events. */
static __always_inline __poll_t xp_extended_poll(struct epitem *epi, poll_table *pt,
						 struct ep_record *record)
{
	__poll_t revents;

	record->wide = NULL;
	record->amount = XPOLL_AMOUNT_UNKNOWN;
	if (unlikely(xp_is_wide(epi))) {
		record->wide = xp_wide(epi);
		record->times = xp_times_take(record->wide);
	}
	if (unlikely(!xp_file_get_live(epi->file)))
		return xp_is_post(epi) ? xp_post_poll(epi, true) : xp_removed_poll(epi, true);
	revents = xp_epitem_poll_held(epi, epi->file, pt, 1);
	if (likely(revents))
		record->amount = xp_amount(epi->file);
	if (unlikely(xp_file_put_keep_last(epi->file))) {
		xp_lastref_keep(epi);
		return 0;
	}
	if (unlikely(!revents))
		xp_record_put_back(record);
	return revents;
}

/*
 * A scan begins, whose number goes to the caller: another thread that takes the mutex later finds
 * the number, and so knows that the caller may have events of this scan. The barrier orders what
 * the caller did with earlier events before that. Return: 0 or -EFAULT.
 */
static inline int xp_extended_begin(const struct eventpoll *ep, const struct ep_extended *to)
{
	lockdep_assert_held(&ep->mtx);
	smp_mb(); /* see MEMORY ORDER in eventpoll.h */
	return put_user(ep->counts.scans, to->batch);
}

/* The scan has ended, with @n events. If there are none, the number goes before the mutex does. */
static inline void xp_extended_end(const struct eventpoll *ep, const struct ep_extended *to, long n)
{
	lockdep_assert_held(&ep->mtx);
	/* it could be stored before, so if it can't any more, the caller has changed its memory */
	if (n <= 0 && put_user(0ULL, to->batch))
		return;
}

/* Store what plain items do not have. Return: 0 or -EFAULT. */
static __always_inline int xp_extended_put_wide(struct xpoll_event __user *event,
						const struct ep_extended *to, __poll_t revents,
						u64 data, const struct ep_record *record)
{
	const struct ep_times *times = &record->times;
	struct ep_wide *wide = record->wide;
	u16 wakeups = times->ns ? times->woken - wide->delivered : 0;
	u64 time_ns = wakeups ? times->ns + to->offset_ns : 0;

	if (!xp_user_write_begin(event, sizeof(*event)))
		return -EFAULT;
	unsafe_put_user((__force u16)revents, &event->events, fault);
	unsafe_put_user(wakeups, &event->wakeups, fault);
	unsafe_put_user(record->amount, &event->amount, fault);
	unsafe_put_user(data, &event->data, fault);
	unsafe_put_user(wide->cookie, &event->cookie, fault);
	unsafe_put_user(time_ns, &event->time_ns, fault);
	xp_user_write_end();
	if (wakeups)
		WRITE_ONCE(wide->delivered, times->woken);
	return 0;
fault:
	xp_user_write_end();
	xp_record_put_back(record);
	return -EFAULT;
}

/* Store the @n-th event of a scan. Return: 0 or -EFAULT. */
static __always_inline int xp_extended_put(const struct ep_extended *to, long n,
					   const struct epitem *epi, __poll_t revents,
					   const struct ep_record *record)
{
	struct xpoll_event __user *event = to->events + n;

	if (unlikely(record->wide))
		return xp_extended_put_wide(event, to, revents, epi->data, record);
	if (!xp_user_write_begin(event, sizeof(*event)))
		return -EFAULT;
	unsafe_put_user((__force u16)revents, &event->events, fault);
	unsafe_put_user(0, &event->wakeups, fault);
	unsafe_put_user(record->amount, &event->amount, fault);
	unsafe_put_user(epi->data, &event->data, fault);
	unsafe_put_user(XPOLL_COOKIE_NONE, &event->cookie, fault);
	unsafe_put_user(0, &event->time_ns, fault);
	xp_user_write_end();
	return 0;
fault:
	xp_user_write_end();
	return -EFAULT;
}

#endif /* XPOLL_EXTENDED_H */
