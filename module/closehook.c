// SPDX-License-Identifier: GPL-2.0-only
/*
 * The hook on each close costs every close on the machine, so it is attached when the first user
 * asks for a watch that ends with its descriptor. It stays: watches rely on it, and attaching
 * patches the kernel's text on all processors.
 */
#include "attempt.h"
#include "closehook.h"
#include "fdclose.h"
#include "owned.h"
#include "selftest.h"

/* Its lock is taken under no other. */
static struct xp_attempt xp_closehook = XP_ATTEMPT(xp_closehook);

static int xp_closehook_set_up(void)
{
	return xp_owned_make() ?: xp_fdclose_init(xp_selftest_fdclose);
}

int xp_closehook_attach(void)
{
	int err;

	if (xp_closehook_attached())
		return 0;
	err = xp_attempt_lock(&xp_closehook);
	if (err)
		return err;
	err = xp_attempt_make(&xp_closehook, xp_closehook_set_up,
			      "watches can't end with their descriptor");
	mutex_unlock(&xp_closehook.lock);
	return err;
}

bool xp_closehook_attached(void)
{
	return xp_attempt_done(&xp_closehook);
}

void xp_closehook_exit(void)
{
	xp_fdclose_exit();
	xp_owned_exit();
}
