/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The ways up from an instance or a file to instances that nobody watches: how nest.c and
 * watched.c count and remember them.
 *
 * A u64 holds four counts of 16 bits: of the ways over one link between instances (the
 * lowest bits) to those over EP_MAX_NESTS links, so that one addition adds all four. A count
 * above EP_MAX_PATHS, which is more than any limit, is kept as EP_MAX_PATHS + 1.
 */
#ifndef XPOLL_WAYS_H
#define XPOLL_WAYS_H

#include <linux/bits.h>
#include <linux/lockdep.h>
#include <linux/minmax.h>
#include <linux/mutex.h>

#include "eventpoll.h"

/* The highest number of links between instances in a chain. */
#define EP_MAX_NESTS 4

/* The highest limit of ways: see nest.c. */
#define EP_MAX_PATHS 500

#define WAYS_BITS 16
#define WAYS_MASK GENMASK_ULL(WAYS_BITS - 1, 0)
#define WAYS(one, two, three, four) \
	((u64)(one) | (u64)(two) << WAYS_BITS | (u64)(three) << 2 * WAYS_BITS | \
	 (u64)(four) << 3 * WAYS_BITS)

/* See LOCKS in eventpoll.h. */
extern struct mutex xp_nest_mutex;

/*
 * Does the walk with the number @walk know the ways up from @ep? If no instance that watches
 * @ep is watched itself, there are as many as @ep has watchers.
 */
static inline bool xp_ways_known(struct eventpoll *ep, u64 walk)
{
	lockdep_assert_held(&xp_nest_mutex);
	if (ep->ways_gen == walk)
		return true;
	if (ep->watched_above)
		return false;
	ep->ways = min(atomic_read(&ep->watchers), EP_MAX_PATHS + 1);
	ep->ways_gen = walk;
	return true;
}

/*
 * The ways up from @ep, which had a watcher when the walk collected it: at least one, even if
 * all watchers have left since. A count of zero would lose a link that still exists.
 */
static inline u64 xp_ways_of_watched(const struct eventpoll *ep)
{
	return ep->ways ?: 1;
}

/* Does one of the four counts exceed its limit? The sum then sets the count's highest bit. */
static inline bool xp_ways_exceed(u64 ways, u64 limits)
{
	return (ways + WAYS(0x7fff, 0x7fff, 0x7fff, 0x7fff) - limits) &
	       WAYS(0x8000, 0x8000, 0x8000, 0x8000);
}

u64 xp_ways_cap(u64 ways);

#endif /* XPOLL_WAYS_H */
