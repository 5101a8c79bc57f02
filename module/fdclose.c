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
static void xp_watch_end(struct eventpoll *ep, const struct file *file, int fd,
			 struct files_struct *owner)
{
	struct epitem *epi = xp_epitem_find(ep, file, fd);
	bool ended;

	if (!epi || !xp_is_wide(epi))
		return;
	rcu_read_lock();
	ended = xp_owned_ended(xp_wide(epi), owner);
	rcu_read_unlock();
	if (ended)
		xp_epitem_remove(ep, epi);
}

/*
 * At exit an instance often has many of them, one after the other. There is a reference for each,
 * and all of them are dropped after the mutex is let go.
 */
static void xp_watches_end(const struct xp_ended *ended, unsigned int nr, const struct file *file,
			   struct files_struct *owner)
{
	unsigned int first, next;

	for (first = 0; first < nr;) {
		struct eventpoll *ep = ended[first].ep;

		mutex_lock(&ep->mtx);
		for (next = first; next < nr && ended[next].ep == ep; next++)
			xp_watch_end(ep, file, ended[next].fd, owner);
		mutex_unlock(&ep->mtx);
		for (; first < next; first++)
			xp_eventpoll_put(ep);
	}
}

/* Return: the number of watches that have ended; @inflight is raised if this is not 0. */
static unsigned int xp_collect_first(const struct file *file, struct files_struct *owner,
				     struct xp_ended *ended)
{
	struct ep_wide *wide;
	unsigned int nr = 0;

	rcu_read_lock();
	wide = xp_owned_lookup(file, owner);
	if (wide) {
		/* before it may sleep: xp_owned_collect() takes a spinlock */
		atomic_inc(&inflight);
		nr = xp_owned_collect(wide, owner, ended);
	}
	rcu_read_unlock();
	if (wide && !nr)
		atomic_dec(&inflight);
	return nr;
}

static unsigned int xp_collect_more(const struct file *file, struct files_struct *owner,
				    struct xp_ended *ended)
{
	unsigned int nr;

	cond_resched();
	rcu_read_lock();
	nr = xp_owned_collect(xp_owned_lookup(file, owner), owner, ended);
	rcu_read_unlock();
	return nr;
}

/*
 * Before @inflight is raised and after it is dropped a task does not sleep, as in lastclose.c.
 * Each iteration ends some watches. They don't become more: ADD of a closed number fails.
 */
static noinline void xp_fd_close_owned(const struct file *file, struct files_struct *owner)
{
	struct xp_ended ended[XP_ENDED_MAX];
	unsigned int nr = xp_collect_first(file, owner, ended);

	if (!nr)
		return;
	for (;;) {
		xp_watches_end(ended, nr, file, owner);
		if (nr < XP_ENDED_MAX)
			break;
		nr = xp_collect_more(file, owner, ended);
	}
	atomic_dec(&inflight);
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
