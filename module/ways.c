// SPDX-License-Identifier: GPL-2.0-only
#include "ways.h"

/* Serializes the walks in nest.c. */
DEFINE_MUTEX(xp_nest_mutex);

u64 xp_ways_cap(u64 ways)
{
	unsigned int shift;
	u64 capped = 0;

	if (!xp_ways_exceed(ways, WAYS(EP_MAX_PATHS, EP_MAX_PATHS, EP_MAX_PATHS, EP_MAX_PATHS)))
		return ways;
	for (shift = 0; shift < EP_MAX_NESTS * WAYS_BITS; shift += WAYS_BITS)
		capped |= min_t(u64, ways >> shift & WAYS_MASK, EP_MAX_PATHS + 1) << shift;
	return capped;
}
