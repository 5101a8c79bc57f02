// SPDX-License-Identifier: GPL-2.0-only
#include "paths.h"

/* Serializes the walks in nest.c. */
DEFINE_MUTEX(xp_nest_mutex);

u64 xp_paths_cap(u64 paths)
{
	unsigned int shift;
	u64 capped = 0;

	if (!xp_paths_exceed(paths, PATHS(EP_MAX_PATHS, EP_MAX_PATHS, EP_MAX_PATHS, EP_MAX_PATHS)))
		return paths;
	for (shift = 0; shift < EP_MAX_NESTS * PATHS_BITS; shift += PATHS_BITS)
		capped |= min_t(u64, paths >> shift & PATHS_MASK, EP_MAX_PATHS + 1) << shift;
	return capped;
}
