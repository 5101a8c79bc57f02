/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Limits for instances that watch instances: no cycle, no long chain, and not so many paths
 * up from a file that its wake-up would take too long.
 */
#ifndef XPOLL_NEST_H
#define XPOLL_NEST_H

struct epitem;
struct eventpoll;

/* Release xp_nest_mutex, then free the instances whose last references the walks dropped. */
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

#endif /* XPOLL_NEST_H */
