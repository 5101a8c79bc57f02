// SPDX-License-Identifier: GPL-2.0-only
#include <linux/xpoll.h>

#include "eventpoll.h"
#include "stats.h"

/*
 * Reads without the locks under which the counts change: the counts need not match one
 * another, and a reader should not wait for a scan.
 */
void xp_stats_add(struct xpoll_stats *stats, const struct eventpoll *ep)
{
	const struct ep_wake_counts *woken = &ep->wake_counts;
	const struct ep_counts *counts = &ep->counts;

	stats->instances++;
	stats->open_instances++;
	stats->watches += READ_ONCE(counts->watches);
	stats->open_watches += READ_ONCE(counts->open_watches);
	stats->callbacks += READ_ONCE(woken->callbacks);
	stats->wakeups += READ_ONCE(woken->wakeups);
	stats->scans += READ_ONCE(counts->scans);
	stats->events += READ_ONCE(counts->events);
	stats->overflows += READ_ONCE(woken->overflows);
}
