// SPDX-License-Identifier: GPL-2.0-only
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>

#include "ended.h"
#include "epitem.h"
#include "ftracehook.h"
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
		xp_eventpoll_unlock(ep);
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

/*
 * The functions to try, in this order. Both run in every final fput before anything is
 * released. Nothing else calls the first one, and it is rarely traced.
 */
static struct xp_ftrace_hook hooks[] = {
	{ "locks_remove_file", xp_last_close_trampoline },
	{ "__fput", xp_last_close_trampoline },
};

/* The hook in use. */
static struct xp_ftrace_hook *hook;

int __init xp_lastclose_init(void)
{
	unsigned int i;
	int err = 0;

	for (i = 0; i < ARRAY_SIZE(hooks); i++) {
		hook = &hooks[i];
		err = xp_ftrace_attach(hook);
		if (!err)
			return 0;
	}
	pr_err("no hook on the last close of a file, and without one a closed file would be used after it is freed\n");
	return err;
}

void xp_lastclose_exit(void)
{
	xp_ftrace_detach(hook);
	xp_ftrace_wait(&inflight);
}
