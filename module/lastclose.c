// SPDX-License-Identifier: GPL-2.0-only
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/ftrace.h>
#include <linux/module.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>

#include "compat.h"
#include "epitem.h"
#include "lastclose.h"
#include "trace.h"
#include "watched.h"

/* Number of final fputs that remove items, and so may sleep in the module's code. */
static atomic_t inflight = ATOMIC_INIT(0);

/*
 * Each iteration removes the items of one instance. Another task that held the instance's
 * mutex may have removed them before.
 */
static void xp_remove_watches(const struct file *file)
{
	struct eventpoll *ep;
	unsigned int removed;

	while ((ep = xp_watched_get(file))) {
		mutex_lock(&ep->mtx);
		removed = xp_epitem_remove_file(ep, file);
		mutex_unlock(&ep->mtx);
		trace_xpoll_last_close(ep, file, removed);
		xp_eventpoll_put(ep);
	}
}

/*
 * xp_lastclose_exit() waits for tasks in this code. Before @inflight is raised and after
 * it is dropped, a task does not sleep. So it takes no spinlock there, which sleeps with
 * PREEMPT_RT. It can be preempted, and synchronize_rcu_tasks() waits for preempted tasks.
 */
static noinline void xp_last_close_watched(const struct file *file)
{
	bool is_watched;

	rcu_read_lock();
	is_watched = xp_watched_lookup(file);
	if (is_watched)
		atomic_inc(&inflight);
	rcu_read_unlock();

	if (is_watched) {
		xp_remove_watches(file);
		atomic_dec(&inflight);
	}
	/*
	 * Orders the load that found no item of this file before what __fput() does to the
	 * file. See MEMORY ORDER in eventpoll.h.
	 */
	smp_acquire__after_ctrl_dep();
}

/* The trampoline calls this in every final fput of the system. */
asmlinkage void xp_last_close(struct file *file);
asmlinkage __visible void xp_last_close(struct file *file)
{
	if (unlikely(!xp_watched_none(file)))
		xp_last_close_watched(file);
}

/* trampoline.S: calls xp_last_close() with the hooked function's argument */
void xp_last_close_trampoline(void);

#define TRAMPOLINE ((unsigned long)xp_last_close_trampoline)

#ifdef XP_HAVE_DIRECT_MULTI
/* ftrace calls this instead of the trampoline if another tracer shares the function. */
static void notrace xp_hook_handler(unsigned long ip, unsigned long parent_ip,
				    struct ftrace_ops *ops, struct ftrace_regs *fregs)
{
	arch_ftrace_set_direct_caller(ftrace_get_regs(fregs), TRAMPOLINE);
}
#else
#define xp_hook_handler NULL
#endif

/* Lets livepatch, and kprobes that change the instruction pointer, share the function. */
static int xp_hook_share(struct ftrace_ops *ops, enum ftrace_ops_cmd cmd)
{
	return 0;
}

/*
 * The functions to try, in this order. Both run in every final fput before anything is
 * released. Nothing else calls the first one, and it is rarely traced.
 *
 * Each has an ops of its own, since an ops that ftrace refused can't be registered again.
 */
static struct hook {
	char *function;
	struct ftrace_ops ops;
} hooks[] = {
	{ "locks_remove_file", { .ops_func = xp_hook_share } },
	{ "__fput", { .ops_func = xp_hook_share } },
};

/* The hook in use. */
static struct hook *hook;

/*
 * kernel.ftrace_enabled = 0 would disable the direct call, and a missed final fput is a use
 * after free. While an ops with FTRACE_OPS_FL_PERMANENT is registered, the kernel refuses this
 * setting. So the module registers one on a function of its own that nothing calls.
 */
static noinline void xp_guarded(void)
{
	barrier();
}

static void notrace xp_guard_handler(unsigned long ip, unsigned long parent_ip,
				     struct ftrace_ops *ops, struct ftrace_regs *fregs)
{
}

static struct ftrace_ops guard = {
	.func	= xp_guard_handler,
	.flags	= FTRACE_OPS_FL_PERMANENT,
};

static int xp_guard_init(void)
{
	int err = ftrace_set_filter_ip(&guard, (unsigned long)xp_guarded, 0, 1);

	if (err) {
		pr_err("can't set up the guard against switching ftrace off: %d\n", err);
		return err;
	}
	err = register_ftrace_function(&guard);
	if (err) {
		pr_err("can't hold ftrace on: %d%s\n", err,
		       err == -EBUSY ? "; set kernel.ftrace_enabled=1 first" : "");
		ftrace_free_filter(&guard);
	}
	return err;
}

/*
 * ftrace disabled itself after a bug of its own, so calls into the module stay in the
 * kernel's text. The module's code must not be freed, so this never returns.
 */
static void __noreturn xp_stay_loaded(void)
{
	pr_emerg("ftrace would not let go of the module; it stays in memory until reboot\n");
	for (;;)
		schedule_timeout_idle(MAX_SCHEDULE_TIMEOUT);
}

static void xp_guard_exit(void)
{
	if (WARN_ON(unregister_ftrace_function(&guard)))
		xp_stay_loaded();
	ftrace_free_filter(&guard);
}

static int xp_hook_attach(struct hook *choice)
{
	struct ftrace_ops *ops = &choice->ops;
	int err = ftrace_set_filter(ops, choice->function, strlen(choice->function), 1);

	if (!err)
		err = xp_ftrace_attach_direct(ops, TRAMPOLINE, xp_hook_handler);
	if (err) {
		pr_notice("can't hook %s: %d%s\n", choice->function, err,
			  err == -EBUSY ? "; a BPF program or the like is there" : "");
		ftrace_free_filter(ops);
		return err;
	}
	hook = choice;
	return 0;
}

int __init xp_lastclose_init(void)
{
	unsigned int i;
	int err;

	err = xp_guard_init();
	if (err)
		return err;
	for (i = 0; i < ARRAY_SIZE(hooks); i++) {
		err = xp_hook_attach(&hooks[i]);
		if (!err)
			return 0;
	}
	pr_err("no hook on the last close of a file, and without one a closed file would be used after it is freed\n");
	xp_guard_exit();
	return err;
}

void xp_lastclose_exit(void)
{
	if (WARN_ON(xp_ftrace_detach_direct(&hook->ops, TRAMPOLINE)))
		xp_stay_loaded();
	ftrace_free_filter(&hook->ops);
	xp_guard_exit();

	/* tasks before atomic_inc(), then those counted, then those after atomic_dec() */
	synchronize_rcu_tasks();
	while (atomic_read(&inflight))
		schedule_timeout_uninterruptible(1);
	synchronize_rcu_tasks();
}
