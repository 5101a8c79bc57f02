/* SPDX-License-Identifier: GPL-2.0-only */
/* The size of a table that grows with the machine's memory. */
#ifndef XPOLL_BUCKETS_H
#define XPOLL_BUCKETS_H

#include <linux/log2.h>
#include <linux/minmax.h>
#include <linux/mm.h>

/* Return: logarithm of a number of buckets, one for each @bytes of memory, from @min to @max. */
static inline unsigned int xp_bucket_bits(unsigned int bytes, unsigned int min, unsigned int max)
{
	u64 wanted = ((u64)totalram_pages() << PAGE_SHIFT) / bytes;

	return clamp_t(unsigned int, ilog2(wanted), min, max);
}

#endif /* XPOLL_BUCKETS_H */
