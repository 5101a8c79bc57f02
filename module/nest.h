/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Instances that watch instances: no cycles, no long chains, no file with so many
 * paths up that waking it would take for ever.
 */
#ifndef XPOLL_NEST_H
#define XPOLL_NEST_H

struct epitem;
struct eventpoll;

/* Releases xp_nest_mutex, and the instances whose last references walks were left with. */
void xp_nest_unlock(void);

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
