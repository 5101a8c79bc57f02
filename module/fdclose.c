// SPDX-License-Identifier: GPL-2.0-only
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>

#include "epitem.h"
#include "fdclose.h"
#include "ftracehook.h"
#include "owned.h"

/* Number of closes that end watches, and so may sleep in the module's code. */
static atomic_t inflight = ATOMIC_INIT(0);

/*
 * Another task may have removed the watch, and added one of the same number: only if the number
 * means the file again, unless @owner is about to be freed.
 */
static void xp_watch_end(const struct xp_ended *ended, const struct file *file,
			 struct files_struct *owner)
{
	struct eventpoll *ep = ended->ep;
	struct epitem *epi;

	mutex_lock(&ep->mtx);
	epi = xp_epitem_find(ep, file, ended->fd);
	if (epi && xp_is_wide(epi) && xp_owned_ended(xp_wide(epi), owner))
		xp_epitem_remove(ep, epi);
	mutex_unlock(&ep->mtx);
	xp_eventpoll_put(ep);
}

/* Each iteration ends some watches. They don't become more: ADD of a closed number fails. */
static void xp_watches_end(const struct file *file, struct files_struct *owner)
{
	struct xp_ended ended[XP_ENDED_MAX];
	unsigned int nr, i;

	do {
		nr = xp_owned_collect(file, owner, ended);
		for (i = 0; i < nr; i++)
			xp_watch_end(&ended[i], file, owner);
		cond_resched();
	} while (nr == XP_ENDED_MAX);
}

/* Before @inflight is raised and after it is dropped a task does not sleep, as in lastclose.c. */
static noinline void xp_fd_close_owned(const struct file *file, struct files_struct *owner)
{
	bool is_owned;

	rcu_read_lock();
	is_owned = xp_owned_lookup(file, owner);
	if (is_owned)
		atomic_inc(&inflight);
	rcu_read_unlock();

	if (is_owned) {
		xp_watches_end(file, owner);
		atomic_dec(&inflight);
	}
}

/*
 * The trampoline calls this in every close of the system, after the number was cleared.
 * @owner: the closer's table of descriptors. Or the file itself, in the last close, or NULL: no
 * watch has such an owner.
 */
asmlinkage void xp_fd_close(struct file *file, struct files_struct *owner);
asmlinkage __visible void xp_fd_close(struct file *file, struct files_struct *owner)
{
	if (unlikely(!xp_owned_none(file, owner)))
		xp_fd_close_owned(file, owner);
}

/* trampoline.S: calls xp_fd_close() with the hooked function's arguments */
void xp_fd_close_trampoline(void);

/* The functions to try, in this order. Both have the same arguments, and filp_close() calls both. */
static struct xp_ftrace_hook hooks[] = {
	{ "locks_remove_posix", xp_fd_close_trampoline },
	{ "dnotify_flush", xp_fd_close_trampoline },
};

/* The hook in use, or NULL. */
static struct xp_ftrace_hook *hook;

int xp_fdclose_init(void)
{
	unsigned int i;
	int err = 0;

	for (i = 0; i < ARRAY_SIZE(hooks); i++) {
		err = xp_ftrace_attach(&hooks[i]);
		if (!err) {
			hook = &hooks[i];
			return 0;
		}
	}
	return err;
}

void xp_fdclose_exit(void)
{
	if (!hook)
		return;
	xp_ftrace_detach(hook);
	xp_ftrace_wait(&inflight);
	hook = NULL;
}
