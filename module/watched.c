// SPDX-License-Identifier: GPL-2.0-only
#include <linux/hash.h>
#include <linux/rhashtable.h>

#include "epitem.h"
#include "watched.h"

static struct rhltable watched;

/* Files lie a cache line apart or more; the product spreads what tells them apart. */
static u32 xp_watched_hash(const void *key, u32 len, u32 seed)
{
	return hash_64(*(const unsigned long *)key ^ seed, 32);
}

static const struct rhashtable_params watched_params = {
	.key_len		= sizeof(struct file *),
	.key_offset		= offsetof(struct epitem, file),
	.head_offset		= offsetof(struct epitem, fllink),
	.hashfn			= xp_watched_hash,
	.automatic_shrinking	= true,
};

struct rhlist_head *xp_watched_lookup(const struct file *file)
{
	return rhltable_lookup(&watched, &file, watched_params);
}

int xp_watched_add(struct epitem *epi)
{
	/* -EBUSY and -E2BIG: the table can't grow just now */
	return rhltable_insert(&watched, &epi->fllink, watched_params) ? -ENOMEM : 0;
}

void xp_watched_del(struct epitem *epi)
{
	WARN_ON_ONCE(rhltable_remove(&watched, &epi->fllink, watched_params));
}

int __init xp_watched_init(void)
{
	return rhltable_init(&watched, &watched_params);
}

void xp_watched_exit(void)
{
	rhltable_destroy(&watched);
}
