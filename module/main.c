// SPDX-License-Identifier: GPL-2.0-only
/*
 * xpoll: readiness notification in a module.
 *
 * An event goes through callback.c, wait.c and scan.c, a change through ctl.c, nest.c,
 * epitem.c and watched.c. eventpoll.h describes layers, objects, states, locks and memory
 * order.
 */
#include <linux/module.h>

#include "amount.h"
#include "attach.h"
#include "closehook.h"
#include "device.h"
#include "epitem.h"
#include "ftracehook.h"
#include "group.h"
#include "instances.h"
#include "lastclose.h"
#include "lastref.h"
#include "quota.h"
#include "selftest.h"
#include "watched.h"

static int __init xp_init(void)
{
	int err;

	err = xp_watched_init();
	if (err)
		return err;
	err = xp_epitem_init();
	if (err)
		goto exit_watched;
	xp_quota_init(xp_epitem_cost());
	err = xp_lastref_init();
	if (err)
		goto exit_epitem;
	err = xp_ftrace_init();
	if (err)
		goto exit_lastref;
	err = xp_lastclose_init();
	if (err)
		goto exit_ftrace;
	err = xp_selftest_lastclose();
	if (err)
		goto exit_lastclose;
	xp_amount_init();
	xp_attach_init();
	err = xp_device_init();
	if (err)
		goto exit_attach;
	xp_instances_init();
	return 0;

exit_attach:
	xp_attach_exit();
exit_lastclose:
	xp_lastclose_exit();
exit_ftrace:
	xp_ftrace_exit();
exit_lastref:
	xp_lastref_exit();
exit_epitem:
	xp_epitem_exit();
exit_watched:
	xp_watched_exit();
	return err;
}

/*
 * Each instance's file holds a reference to the module, so no watch is left. A last close
 * may still hold an instance: xp_lastclose_exit() waits for it.
 */
static void __exit xp_exit(void)
{
	xp_instances_exit();
	xp_device_exit();
	xp_attach_exit();
	xp_group_exit();
	xp_closehook_exit();
	xp_lastclose_exit();
	xp_ftrace_exit();
	xp_lastref_exit();
	xp_epitem_exit();
	xp_watched_exit();
}

module_init(xp_init);
module_exit(xp_exit);

MODULE_DESCRIPTION("Readiness notification over /dev/xpoll, an alternative epoll");
MODULE_AUTHOR("The xpoll developers");
MODULE_LICENSE("GPL");
MODULE_VERSION(XP_VERSION);
