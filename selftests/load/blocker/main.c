// SPDX-License-Identifier: GPL-2.0-only
/*
 * Attaches a direct call of its own to functions, as a BPF program would, so that no other user can
 * attach one there. Or puts a kprobe with IPMODIFY on a function, of which ftrace allows one at a
 * time.
 *
 * It does not use module/compat.h, whose code shares a function with other users. This module must
 * behave like a user that does not know of the sharing.
 */
#include <linux/ftrace.h>
#include <linux/kprobes.h>
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

static char *probe;
module_param(probe, charp, 0444);
MODULE_PARM_DESC(probe, "what to probe");

static unsigned int hits;
module_param(hits, uint, 0444);
MODULE_PARM_DESC(hits, "how often the probe was met");

/* Returns into the function that called it. */
void blocker_trampoline(void);

#define TRAMPOLINE ((unsigned long)blocker_trampoline)

static struct ftrace_ops ops;

static int count_hit(struct kprobe *kprobe, struct pt_regs *regs)
{
	WRITE_ONCE(hits, hits + 1);
	return 0;
}

/* The presence of this handler makes the kprobe one that may change the instruction pointer. */
static void after_hit(struct kprobe *kprobe, struct pt_regs *regs, unsigned long flags)
{
}

static struct kprobe kprobe = {
	.pre_handler	= count_hit,
	.post_handler	= after_hit,
};

static int block_functions(void)
{
	unsigned int i;
	int err = 0;

	for (i = 0; i < count && !err; i++)
		err = ftrace_set_filter(&ops, functions[i], strlen(functions[i]), 0);
	if (!err)
		err = block(&ops, TRAMPOLINE);
	if (err)
		ftrace_free_filter(&ops);
	return err;
}

static int __init blocker_init(void)
{
	if (count)
		return block_functions();
	kprobe.symbol_name = probe;
	return probe ? register_kprobe(&kprobe) : -EINVAL;
}

static void __exit blocker_exit(void)
{
	if (!count) {
		unregister_kprobe(&kprobe);
		return;
	}
	WARN_ON(unblock(&ops, TRAMPOLINE));
	ftrace_free_filter(&ops);
	/* wait for tasks that were preempted in the trampoline */
	synchronize_rcu_tasks();
}

module_init(blocker_init);
module_exit(blocker_exit);

MODULE_DESCRIPTION("Takes or probes functions, for the tests of xpoll's own hook");
MODULE_LICENSE("GPL");
