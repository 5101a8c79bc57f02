/* SPDX-License-Identifier: GPL-2.0-only */
/* Reads the counts of an instance. */
#ifndef XPOLL_STATS_H
#define XPOLL_STATS_H

struct eventpoll;
struct xpoll_stats;

/* Add to @stats the counts of @ep, as those of an open instance. */
void xp_stats_add(struct xpoll_stats *stats, const struct eventpoll *ep);

#endif /* XPOLL_STATS_H */
