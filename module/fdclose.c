// SPDX-License-Identifier: GPL-2.0-only
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>
#include <linux/sched.h>

#include "ended.h"
#include "epitem.h"
#include "fdclose.h"
#include "ftracehook.h"
#include "owned.h"

/*
 * Number of closes that may end watches, and so may sleep in the module's code. Each of them
 * changes it twice, so it has a cache line of its own.
 */
static atomic_t inflight ____cacheline_aligned_in_smp = ATOMIC_INIT(0);

/* Return: whether there may be more watches that end. */
static bool xp_fd_close_some(const struct file *file, struct files_struct *files)
{
	struct xp_owned_taken taken;
	struct hlist_node *next;
	struct ep_wide *wide;

	if (!xp_owned_collect(file, files, &taken))
		return false;
	if (likely(taken.locked)) {
		hlist_for_each_entry_safe(wide, next, &taken.items, owned_link)
			xp_epitem_remove(taken.ep, &wide->item);
		xp_eventpoll_unlock(taken.ep);
	} else {
		xp_ended_flush(taken.ep);
	}
	xp_eventpoll_put(taken.ep);
	return taken.more;
}

/*
 * Before @inflight is raised and after it is dropped a task does not sleep, as in lastclose.c, so
 * it takes no spinlock there. Each iteration but the last ends watches, at most XP_OWNED_MAX in
 * all. They don't become more: ADD of a closed number fails.
 */
static noinline void xp_fd_close_owned(const struct file *file, struct files_struct *files)
{
	atomic_inc(&inflight);
	while (xp_fd_close_some(file, files))
		cond_resched();
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
