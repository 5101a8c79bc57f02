/* SPDX-License-Identifier: GPL-2.0-only */
/* What an instance counts, and how it is told. */
#ifndef XPOLL_STATS_H
#define XPOLL_STATS_H

struct eventpoll;
struct xpoll_stats;

/* Add to @stats what @ep, an open instance, has counted by now. */
void xp_stats_add(struct xpoll_stats *stats, const struct eventpoll *ep);

#endif /* XPOLL_STATS_H */
