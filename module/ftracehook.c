// SPDX-License-Identifier: GPL-2.0-only
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/ftrace.h>
#include <linux/module.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "compat_ftrace.h"
#include "ftracehook.h"

/**
 * struct xp_ftrace_call - one attempt to attach a hook
 * @ops: an ops that ftrace refused can't be registered again, so each attempt has its own
 * @trampoline: of the hook
 */
struct xp_ftrace_call {
	struct ftrace_ops ops;
	unsigned long trampoline;
};

#ifdef XP_HAVE_DIRECT_MULTI
/* ftrace calls this instead of the trampoline if another tracer shares the function. */
static void notrace xp_call_handler(unsigned long ip, unsigned long parent_ip,
				    struct ftrace_ops *ops, struct ftrace_regs *fregs)
{
	const struct xp_ftrace_call *call = container_of(ops, struct xp_ftrace_call, ops);

	arch_ftrace_set_direct_caller(ftrace_get_regs(fregs), call->trampoline);
}
#else
#define xp_call_handler NULL
#endif

/* Lets livepatch, and kprobes that change the instruction pointer, share the function. */
#ifdef XP_HAVE_OPS_FUNC_IP
static int xp_call_share(struct ftrace_ops *ops, unsigned long ip, enum ftrace_ops_cmd cmd)
#else
static int xp_call_share(struct ftrace_ops *ops, enum ftrace_ops_cmd cmd)
#endif
{
	return 0;
}

/*
 * kernel.ftrace_enabled = 0 would disable the direct calls, and a missed final fput is a use
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

int __init xp_ftrace_init(void)
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

void xp_ftrace_exit(void)
{
	if (WARN_ON(unregister_ftrace_function(&guard)))
		xp_stay_loaded();
	ftrace_free_filter(&guard);
}

/*
 * Free a call that ftrace refused. ftrace's list of ops may have held it for a moment, and is read
 * where RCU does not watch. ftrace waits likewise before it returns from unregistering an ops.
 */
static void xp_call_free_refused(struct xp_ftrace_call *call)
{
	synchronize_rcu_tasks_rude();
	synchronize_rcu_tasks();
	ftrace_free_filter(&call->ops);
	kfree(call);
}

static int xp_call_register(struct xp_ftrace_call *call, const char *function)
{
	struct ftrace_ops *ops = &call->ops;
	/* the parameter is not const before 6.13, but ftrace copies the name */
	int err = ftrace_set_filter(ops, (unsigned char *)function, strlen(function), 1);

	return err ?: xp_ftrace_attach_direct(ops, call->trampoline, xp_call_handler);
}

int xp_ftrace_attach(struct xp_ftrace_hook *hook)
{
	struct xp_ftrace_call *call = kzalloc(sizeof(*call), GFP_KERNEL);
	int err = -ENOMEM;

	if (call) {
		call->ops.ops_func = xp_call_share;
		call->trampoline = (unsigned long)hook->trampoline;
		err = xp_call_register(call, hook->function);
	}
	if (!err) {
		hook->call = call;
		return 0;
	}
	pr_notice("can't hook %s: %d%s\n", hook->function, err,
		  err == -EBUSY ? "; a BPF program or the like is there" : "");
	if (call)
		xp_call_free_refused(call);
	return err;
}

void xp_ftrace_detach(struct xp_ftrace_hook *hook)
{
	struct xp_ftrace_call *call = hook->call;

	if (WARN_ON(xp_ftrace_detach_direct(&call->ops, call->trampoline)))
		xp_stay_loaded();
	ftrace_free_filter(&call->ops);
	kfree(call);
	hook->call = NULL;
}

void xp_ftrace_wait(const atomic_t *inflight)
{
	/* tasks before atomic_inc(), then those counted, then those after atomic_dec() */
	synchronize_rcu_tasks();
	while (atomic_read(inflight))
		schedule_timeout_uninterruptible(1);
	synchronize_rcu_tasks();
}
