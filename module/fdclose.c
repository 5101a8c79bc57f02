// SPDX-License-Identifier: GPL-2.0-only
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>

#include "ended.h"
#include "fdclose.h"
#include "ftracehook.h"
#include "owned.h"

/*
 * Number of closes that may end watches, and so may sleep in the module's code. Each of them
 * changes it twice, so it has a cache line of its own.
 */
static atomic_t inflight ____cacheline_aligned_in_smp = ATOMIC_INIT(0);

/*
 * Before @inflight is raised and after it is dropped a task does not sleep, as in lastclose.c, so
 * it takes no spinlock there. Each iteration ends watches. They don't become more: ADD of a
 * closed number fails.
 */
static noinline void xp_fd_close_owned(const struct file *file, struct files_struct *files)
{
	struct eventpoll *eps[XP_ENDED_MAX];
	struct ep_owner *owner;
	unsigned int nr, i;
	bool more;

	rcu_read_lock();
	owner = xp_owner_get(files);
	if (owner)
		atomic_inc(&inflight);
	rcu_read_unlock();
	if (!owner) {
		smp_acquire__after_ctrl_dep(); /* pairs with xp_owner_uncharge() */
		return;
	}
	do {
		nr = xp_owned_collect(owner, file, files, eps, &more);
		for (i = 0; i < nr; i++) {
			xp_ended_flush(eps[i]);
			xp_eventpoll_put(eps[i]);
		}
		cond_resched();
	} while (more);
	xp_owner_put(owner);
	atomic_dec(&inflight);
}

/*
 * The trampoline calls this in every close of the system, after the number was cleared.
 * @files: the closer's table of descriptors. Or the file itself, in the last close, or NULL: no
 * watch has such an owner.
 */
asmlinkage void xp_fd_close(struct file *file, struct files_struct *files);
asmlinkage __visible void xp_fd_close(struct file *file, struct files_struct *files)
{
	if (unlikely(!xp_owned_none(file, files)))
		xp_fd_close_owned(file, files);
}

/* trampoline.S: calls xp_fd_close() with the hooked function's arguments */
void xp_fd_close_trampoline(void);

/* The functions to try, in this order. filp_close() calls both, with the same arguments. */
static struct xp_ftrace_hook hooks[] = {
	{ "locks_remove_posix", xp_fd_close_trampoline },
	{ "dnotify_flush", xp_fd_close_trampoline },
};

/* The hook in use, or NULL. */
static struct xp_ftrace_hook *hook;

static int xp_fdclose_try(struct xp_ftrace_hook *candidate, int (*test)(void))
{
	int err = xp_ftrace_attach(candidate);

	if (err)
		return err;
	hook = candidate;
	err = test();
	if (err)
		xp_fdclose_exit();
	return err;
}

int xp_fdclose_init(int (*test)(void))
{
	bool busy = false;
	unsigned int i;
	int err = 0;

	for (i = 0; i < ARRAY_SIZE(hooks); i++) {
		err = xp_fdclose_try(&hooks[i], test);
		if (!err || err == -ENOMEM)
			return err;
		busy |= err == -EBUSY;
	}
	return busy ? -EBUSY : err;
}

void xp_fdclose_exit(void)
{
	if (!hook)
		return;
	xp_ftrace_detach(hook);
	xp_ftrace_wait(&inflight);
	hook = NULL;
}
