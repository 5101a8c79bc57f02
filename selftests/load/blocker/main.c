// SPDX-License-Identifier: GPL-2.0-only
/*
 * Takes functions for a direct call of its own, as a BPF program would, so that
 * nobody else can have one there.
 *
 * Nothing of module/compat.h: that is a user of ftrace that shares, and this one
 * is to be as unsuspecting as the kernel's own.
 */
#include <linux/ftrace.h>
#include <linux/module.h>
#include <linux/rcupdate.h>
#include <linux/string.h>

#ifdef XP_HAVE_DIRECT_MULTI
#define block(ops, trampoline)		register_ftrace_direct_multi(ops, trampoline)
#define unblock(ops, trampoline)	unregister_ftrace_direct_multi(ops, trampoline)
#else
#define block(ops, trampoline)		register_ftrace_direct(ops, trampoline)
#define unblock(ops, trampoline)	unregister_ftrace_direct(ops, trampoline, false)
#endif

static char *functions[2];
static unsigned int count;
module_param_array(functions, charp, &count, 0444);
MODULE_PARM_DESC(functions, "what to take: one name or two, with a comma");

/* Returns into the function it was called from. */
void blocker_trampoline(void);

#define TRAMPOLINE ((unsigned long)blocker_trampoline)

static struct ftrace_ops ops;

static int __init blocker_init(void)
{
	unsigned int i;
	int err = count ? 0 : -EINVAL;

	for (i = 0; i < count && !err; i++)
		err = ftrace_set_filter(&ops, functions[i], strlen(functions[i]), 0);
	if (!err)
		err = block(&ops, TRAMPOLINE);
	if (err)
		ftrace_free_filter(&ops);
	return err;
}

static void __exit blocker_exit(void)
{
	WARN_ON(unblock(&ops, TRAMPOLINE));
	ftrace_free_filter(&ops);
	/* whoever was preempted in the trampoline */
	synchronize_rcu_tasks();
}

module_init(blocker_init);
module_exit(blocker_exit);

MODULE_DESCRIPTION("Takes functions for a direct call, for the tests of xpoll's own");
MODULE_LICENSE("GPL");
