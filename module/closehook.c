// SPDX-License-Identifier: GPL-2.0-only
/*
 * The hook on each close costs every close on the machine, so it is attached when the first user
 * asks for a watch that ends with its descriptor. It stays: watches rely on it, and attaching
 * patches the kernel's text on all processors.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/mutex.h>

#include "closehook.h"
#include "fdclose.h"
#include "owned.h"
#include "selftest.h"

/* Protects all that follows. Taken under no other lock. */
static DEFINE_MUTEX(xp_closehook_mutex);
static bool attached; /* read without the mutex by xp_closehook_attached() */

/* No attempt before this time, as in attach.c. */
static ktime_t not_before;
#define XP_RETRY_INTERVAL (10 * NSEC_PER_SEC)

static int xp_closehook_attach_locked(void)
{
	int err;

	lockdep_assert_held(&xp_closehook_mutex);
	if (attached)
		return 0;
	if (ktime_get() < not_before)
		return -EOPNOTSUPP;
	err = xp_owned_make() ?: xp_fdclose_init(xp_selftest_fdclose);
	if (err) {
		pr_notice("watches can't end with their descriptor: %d\n", err);
		if (err == -ENOMEM)
			return err;
		/* all but occupied functions will be the same next time */
		WRITE_ONCE(not_before, err == -EBUSY ? ktime_get() + XP_RETRY_INTERVAL : KTIME_MAX);
		return -EOPNOTSUPP;
	}
	/* pairs with xp_closehook_attached() */
	smp_store_release(&attached, true);
	return 0;
}

int xp_closehook_attach(void)
{
	int err;

	if (xp_closehook_attached())
		return 0;
	/* after a failure a task does not wait for the attempt of another one */
	if (READ_ONCE(not_before)) {
		if (!mutex_trylock(&xp_closehook_mutex))
			return -EOPNOTSUPP;
	} else {
		err = mutex_lock_killable(&xp_closehook_mutex);
		if (err)
			return err;
	}
	err = xp_closehook_attach_locked();
	mutex_unlock(&xp_closehook_mutex);
	return err;
}

bool xp_closehook_attached(void)
{
	/* pairs with xp_closehook_attach_locked(): the table of owned watches is there */
	return smp_load_acquire(&attached);
}

void xp_closehook_exit(void)
{
	xp_fdclose_exit();
	xp_owned_exit();
}
