// SPDX-License-Identifier: GPL-2.0-only
/*
 * The hook on each close costs every close on the machine, so it is attached when the first user
 * asks for a watch that ends with its descriptor. It stays: watches rely on it, and attaching
 * patches the kernel's text on all processors.
 */
#include <linux/moduleparam.h>
#include <linux/string.h>
#include <linux/sysfs.h>

#include "attempt.h"
#include "closehook.h"
#include "fdclose.h"
#include "owned.h"
#include "selftest.h"

/* Its lock protects the policy, and is nested in the lock of the module's parameters. */
static struct xp_attempt xp_closehook = XP_ATTEMPT(xp_closehook);

static const char *const policies[] = { "auto", "off" };
/* Values of the parameter: indices of policies[]. */
enum { POLICY_AUTO, POLICY_OFF };
static int policy = POLICY_AUTO;

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
	err = policy == POLICY_OFF ? -EOPNOTSUPP :
				     xp_attempt_make(&xp_closehook, xp_closehook_set_up,
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

static int xp_policy_set(const char *val, const struct kernel_param *kp)
{
	int value = sysfs_match_string(policies, val), err = 0;

	if (value < 0)
		return -EINVAL;
	mutex_lock(&xp_closehook.lock);
	if (value == POLICY_OFF && xp_closehook.done) {
		err = -EBUSY;
	} else {
		policy = value;
		WRITE_ONCE(xp_closehook.not_before, 0);
	}
	mutex_unlock(&xp_closehook.lock);
	return err;
}

static int xp_policy_get(char *buffer, const struct kernel_param *kp)
{
	return sysfs_emit(buffer, "%s\n", policies[policy]);
}

static const struct kernel_param_ops xp_policy_ops = {
	.set = xp_policy_set,
	.get = xp_policy_get,
};

module_param_cb(close_removes, &xp_policy_ops, NULL, 0644);
MODULE_PARM_DESC(close_removes,
		 "may watches end with their descriptor? auto: each close is hooked once somebody asks for one (default), off");
