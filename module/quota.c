// SPDX-License-Identifier: GPL-2.0-only
/*
 * The count is native epoll's user_struct.epoll_watches. So native epoll's limit and this one
 * each apply to the sum of a user's watches on both.
 */
#include <linux/mm.h>
#include <linux/moduleparam.h>

#include "quota.h"

#define LIMIT_NOT_GIVEN (-1L)

long xp_max_user_watches = LIMIT_NOT_GIVEN;

static int xp_quota_set(const char *val, const struct kernel_param *kp)
{
	long limit;

	if (kstrtol(val, 0, &limit) || limit < 0)
		return -EINVAL;
	WRITE_ONCE(xp_max_user_watches, limit);
	return 0;
}

static const struct kernel_param_ops xp_quota_ops = {
	.set = xp_quota_set,
	.get = param_get_long,
};

module_param_cb(max_user_watches, &xp_quota_ops, &xp_max_user_watches, 0644);
MODULE_PARM_DESC(max_user_watches,
		 "watches that one user may hold, native epoll's included (default: 4 % of low memory)");

/* The default is native epoll's: a user's watches may fill 4 % of low memory. */
void __init xp_quota_init(unsigned long cost)
{
	struct sysinfo si;

	if (xp_max_user_watches != LIMIT_NOT_GIVEN)
		return;
	si_meminfo(&si);
	xp_max_user_watches = (((si.totalram - si.totalhigh) / 25) << PAGE_SHIFT) / cost;
}
