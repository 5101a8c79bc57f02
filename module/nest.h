/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Instances that watch instances: no cycles, no long chains, no file with so many
 * ways up that waking it would take for ever.
 */
#ifndef XPOLL_NEST_H
#define XPOLL_NEST_H

#include <linux/minmax.h>
#include <linux/mutex.h>

#include "eventpoll.h"

struct epitem;

/* Links from instance to instance in one chain. */
#define EP_MAX_NESTS 4

/* The highest limit of ways up: see nest.c. */
#define EP_MAX_PATHS 500

extern struct mutex xp_nest_mutex;

/* Releases xp_nest_mutex, and the instances whose last references walks were left with. */
void xp_nest_unlock(void);

/*
 * Does the walk with the number @walk know the ways up from @ep? As many as it has watchers, if
 * none of these is watched. Under xp_nest_mutex.
 */
static inline bool xp_ways_known(struct eventpoll *ep, u64 walk)
{
	if (ep->ways_gen == walk)
		return true;
	if (ep->watched_above)
		return false;
	ep->ways = min(atomic_read(&ep->watchers), EP_MAX_PATHS + 1);
	ep->ways_gen = walk;
	return true;
}

/*
 * The ways up from @ep, which was watched when the walk collected it: one at least, even if
 * its watchers have left since. Else a link that was there all the time would not count.
 */
static inline u64 xp_ways_of_watched(const struct eventpoll *ep)
{
	return ep->ways ?: 1;
}

/*
 * May @ep watch @inner? Under xp_nest_mutex, with @inner->nesting set until it does. Return: 0,
 * -ELOOP or -EINTR (fatal signal).
 */
int xp_nest_check_depth(struct eventpoll *ep, struct eventpoll *inner);

/*
 * @epi was just linked; may it stay? Under xp_nest_mutex and the watching instance's
 * mutex. Return: 0, -EINVAL or -EINTR (fatal signal).
 */
int xp_nest_check_paths(struct epitem *epi);

#endif /* XPOLL_NEST_H */
