/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Busy polling: a wait that finds nothing ready calls the driver of a network device before it
 * sleeps. It does so without a lock of the module, after xp_scan_deliver() and before the sleep.
 * While it owns the device's NAPI, other users of that queue get their packets by it.
 *
 * The device is that of the socket whose event a wait came for last, as far as the socket knows:
 * one number for each instance, of a NAPI. A NAPI may end at any time; the kernel looks it up by
 * the number under RCU, and returns at once if there is none.
 */
#ifndef XPOLL_BUSYPOLL_H
#define XPOLL_BUSYPOLL_H

#include <linux/xpoll.h>

#include "compat.h"
#include "eventpoll.h"

struct deadline;

#ifdef CONFIG_NET_RX_BUSY_POLL

/* The features that XPOLL_IOC_FEATURES tells of. */
#define XP_BUSY_FEATURES XPOLL_FEATURE_BUSY_POLL

/* The module parameter busy_poll: for instances without a time of their own. */
extern unsigned int xp_busy_default_usecs;

/* Return: how long a wait polls the device before it sleeps; 0 for not at all. */
static inline u32 xp_busy_usecs(const struct eventpoll *ep)
{
	return READ_ONCE(ep->busy.usecs) ?: READ_ONCE(xp_busy_default_usecs);
}

/*
 * Poll the device until an item may be ready, a signal is pending, @end or the instance's time is
 * over. The caller holds no lock, and looks again before it sleeps.
 */
void xp_busy_poll(struct eventpoll *ep, const struct deadline *end);

/* A waiter may have found an item ready: poll the device of its socket from now on. */
void xp_busy_learn(struct eventpoll *ep);

/* XPOLL_IOC_SET_BUSY_POLL and XPOLL_IOC_GET_BUSY_POLL on the instance @ep. Return: 0 or -errno. */
long xp_busy_set(struct eventpoll *ep, const void __user *argp);
long xp_busy_get(const struct eventpoll *ep, void __user *argp);

#else

#define XP_BUSY_FEATURES 0

static inline u32 xp_busy_usecs(const struct eventpoll *ep)
{
	return 0;
}

static inline void xp_busy_poll(struct eventpoll *ep, const struct deadline *end)
{
}

static inline void xp_busy_learn(struct eventpoll *ep)
{
}

static inline long xp_busy_set(struct eventpoll *ep, const void __user *argp)
{
	return xp_native_ioctl(XPOLL_IOC_SET_BUSY_POLL);
}

static inline long xp_busy_get(const struct eventpoll *ep, void __user *argp)
{
	return xp_native_ioctl(XPOLL_IOC_GET_BUSY_POLL);
}

#endif /* CONFIG_NET_RX_BUSY_POLL */

#endif /* XPOLL_BUSYPOLL_H */
