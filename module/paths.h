/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The paths up from an instance or a file to the instances that nobody watches, as nest.c and
 * watched.c count them.
 *
 * A u64 holds four counts of 16 bits each: of the paths over one link between instances
 * (in the lowest bits), two, three and four links. So one addition adds all four. A count
 * above EP_MAX_PATHS, the highest limit, is kept as EP_MAX_PATHS + 1.
 */
#ifndef XPOLL_PATHS_H
#define XPOLL_PATHS_H

#include <linux/bits.h>
#include <linux/lockdep.h>
#include <linux/minmax.h>
#include <linux/mutex.h>

#include "eventpoll.h"

/* The highest number of links between instances in a chain. */
#define EP_MAX_NESTS 4

/* The highest limit of paths: see nest.c. */
#define EP_MAX_PATHS 500

#define PATHS_BITS 16
#define PATHS_MASK GENMASK_ULL(PATHS_BITS - 1, 0)
#define PATHS(one, two, three, four) \
	((u64)(one) | (u64)(two) << PATHS_BITS | (u64)(three) << 2 * PATHS_BITS | \
	 (u64)(four) << 3 * PATHS_BITS)

/* See LOCKS in eventpoll.h. */
extern struct mutex xp_nest_mutex;

/*
 * Does the walk with the number @walk know the paths up from @ep? If no instance that
 * watches @ep is watched itself, @ep has as many paths as watchers.
 */
static inline bool xp_paths_known(struct eventpoll *ep, u64 walk)
{
	lockdep_assert_held(&xp_nest_mutex);
	if (ep->paths_gen == walk)
		return true;
	if (ep->watched_above)
		return false;
	ep->paths = min(atomic_read(&ep->watchers), EP_MAX_PATHS + 1);
	ep->paths_gen = walk;
	return true;
}

/*
 * The paths up from @ep, which had a watcher when the walk collected it: at least one, even if
 * all watchers have left since. A count of zero would lose a link that still exists.
 */
static inline u64 xp_paths_of_watched(const struct eventpoll *ep)
{
	return ep->paths ?: 1;
}

/* Does a count exceed its limit? If so, its highest bit is set in the sum. */
static inline bool xp_paths_exceed(u64 paths, u64 limits)
{
	return (paths + PATHS(0x7fff, 0x7fff, 0x7fff, 0x7fff) - limits) &
	       PATHS(0x8000, 0x8000, 0x8000, 0x8000);
}

u64 xp_paths_cap(u64 paths);

#endif /* XPOLL_PATHS_H */
