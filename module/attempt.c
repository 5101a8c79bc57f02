// SPDX-License-Identifier: GPL-2.0-only
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/kernel.h>

#include "attempt.h"

#define XP_RETRY_INTERVAL (10 * NSEC_PER_SEC)

int xp_attempt_lock(struct xp_attempt *attempt)
{
	/* after a failure a task does not wait for the attempt of another one */
	if (READ_ONCE(attempt->not_before))
		return mutex_trylock(&attempt->lock) ? 0 : -EOPNOTSUPP;
	return mutex_lock_killable(&attempt->lock);
}

int xp_attempt_make(struct xp_attempt *attempt, int (*set_up)(void), const char *failed)
{
	int err;

	lockdep_assert_held(&attempt->lock);
	if (attempt->done)
		return 0;
	if (ktime_get() < attempt->not_before)
		return -EOPNOTSUPP;
	err = set_up();
	if (!err) {
		/* pairs with xp_attempt_done() */
		smp_store_release(&attempt->done, true);
		return 0;
	}
	pr_notice("%s: %d\n", failed, err);
	if (err == -ENOMEM)
		return err;
	WRITE_ONCE(attempt->not_before, err == -EBUSY || err == -ENOSPC ?
						ktime_get() + XP_RETRY_INTERVAL : KTIME_MAX);
	return -EOPNOTSUPP;
}
