/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Limits for instances that watch instances: no cycle, no long chain, and not so many paths
 * up from a file, or from an instance with an event of its own, that a wake-up would take too long.
 */
#ifndef XPOLL_NEST_H
#define XPOLL_NEST_H

#include "eventpoll.h"

struct epitem;

/*
 * Release xp_nest_mutex, then free the instances whose last references the walks dropped. The
 * caller may hold @mtx of an instance that it has a reference to.
 */
void xp_nest_unlock(void);

/*
 * May @ep watch @inner? The caller holds xp_nest_mutex and has set @inner->nesting, which it
 * clears after the addition. Return: 0, -ELOOP or -EINTR (fatal signal).
 */
int xp_nest_check_depth(struct eventpoll *ep, struct eventpoll *inner);

/*
 * May @epi, which was just added, stay? The caller holds xp_nest_mutex and the mutex of the
 * item's instance. Return: 0, -EINVAL or -EINTR (fatal signal).
 */
int xp_nest_check_paths(struct epitem *epi);

/*
 * Wake-ups will begin at @ep itself. From now on the paths up from it count as those of a file do.
 * Return: 0; -EINVAL if there are too many; or -EINTR (fatal signal).
 */
int xp_nest_begin_posts(struct eventpoll *ep);

/*
 * Is @ep watched by an instance, or about to be? xp_ctl_check_nested() clears @nesting after
 * @watchers is raised, so read it first.
 */
static inline bool xp_is_nested(const struct eventpoll *ep)
{
	/* pairs with xp_ctl_check_nested() */
	return smp_load_acquire(&ep->nesting) || atomic_read(&ep->watchers);
}

#endif /* XPOLL_NEST_H */
