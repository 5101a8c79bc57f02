/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * EPOLLWAKEUP: a ready item keeps the system from suspending until its event is delivered
 * and, without EPOLLET and EPOLLONESHOT, the task waits again. An item's wakeup source is
 * active while the item is on the ready list; the instance's own is active while a scan
 * polls the item.
 */
#ifndef XPOLL_WAKESOURCE_H
#define XPOLL_WAKESOURCE_H

#include <linux/device.h>
#include <linux/rcupdate.h>

#include "epitem.h"

/* Whether the kernel has wakeup sources and the caller may use them. */
bool xp_wakesource_allowed(void);

/* Return: @events, without EPOLLWAKEUP if the caller may not use it, or @ep has a ready ring. */
static inline __poll_t xp_wakesource_permit(const struct eventpoll *ep, __poll_t events)
{
	if (!(events & EPOLLWAKEUP) || (!ep->ring && xp_wakesource_allowed()))
		return events;
	return events & ~EPOLLWAKEUP;
}

/* Give @epi a wakeup source; under ep->mtx. Return: 0 or -ENOMEM. */
int xp_wakesource_create(struct epitem *epi);
void xp_wakesource_destroy(struct epitem *epi);

/* Destroy the wakeup source of an item whose callback may run. */
void xp_wakesource_withdraw(struct epitem *epi);

void __xp_wakesource_stay_awake(struct epitem *epi);
void __xp_wakesource_relax(struct epitem *epi, bool in_scan);

static inline bool xp_wakesource_present(const struct epitem *epi)
{
	return (__force unsigned long)rcu_access_pointer(epi->ws) > EP_WIDE;
}

/* @epi was put on the ready or overflow list. */
static inline void xp_wakesource_stay_awake(struct epitem *epi)
{
	if (xp_wakesource_present(epi))
		__xp_wakesource_stay_awake(epi);
}

/* @epi was found not ready and left the ready list; under ep->mtx. */
static inline void xp_wakesource_relax(struct epitem *epi)
{
	if (xp_wakesource_present(epi))
		__xp_wakesource_relax(epi, false);
}

/* A scan that delivers events is about to poll @epi; under ep->mtx. */
static inline void xp_wakesource_relax_in_scan(struct epitem *epi)
{
	if (xp_wakesource_present(epi))
		__xp_wakesource_relax(epi, true);
}

/* The scan has ended, and the source of each ready item is active again. */
static inline void xp_wakesource_scan_end(struct eventpoll *ep)
{
	if (ep->ws)
		__pm_relax(ep->ws);
}

#endif /* XPOLL_WAKESOURCE_H */
