// SPDX-License-Identifier: GPL-2.0-only
/*
 * Hand the last reference to a watched file to a worker. This allocates no memory and so
 * can't fail: the item, which is no longer needed, carries the reference.
 *
 * The final fput may block: in close of a socket with SO_LINGER, on a disk, on a mutex
 * of another instance that watches the file. So each file has a work of its own, and all
 * run at once; the kernel's own list of delayed fputs, one after the other, would make
 * one user's file wait for another's.
 */
#include <linux/file.h>
#include <linux/module.h>
#include <linux/sched/user.h>
#include <linux/workqueue.h>

#include "epitem.h"
#include "lastref.h"
#include "trace.h"

/*
 * Files that workers are closing. Beyond so many a file is left to its task, as native epoll
 * does: files whose end blocks, which a user can have many of, must not fill the workqueue.
 */
#define MAX_PENDING 128

static struct workqueue_struct *lastref_wq;
static atomic_t pending = ATOMIC_INIT(0);

void xp_lastref_keep(struct epitem *epi)
{
	struct eventpoll *ep = epi->ep;

	lockdep_assert_held(&ep->mtx);
	epi->next_closed = ep->closed;
	ep->closed = epi;
}

/* In a kernel thread, where a file is closed to the end at once. */
static void xp_lastref_work(struct work_struct *work)
{
	struct epitem *epi = container_of(work, struct epitem, work);
	struct user_struct *user = epi->user;

	__fput_sync(epi->file);
	xp_epitem_free(epi, user);
	free_uid(user);
	atomic_dec(&pending);
	module_put(THIS_MODULE);
}

/*
 * Until its file is closed the item stands against its user's quota, which limits how
 * many files he can leave to workers; and it holds the module, since a file may take
 * its time and rmmod had better fail than wait.
 */
static void xp_lastref_queue(struct epitem *epi, struct user_struct *user)
{
	epi->user = get_uid(user);
	__module_get(THIS_MODULE);
	INIT_WORK(&epi->work, xp_lastref_work);
	queue_work(lastref_wq, &epi->work);
}

static void xp_lastref_end(struct epitem *epi, struct user_struct *user)
{
	if (atomic_inc_return(&pending) <= MAX_PENDING) {
		xp_lastref_queue(epi, user);
		return;
	}
	atomic_dec(&pending);
	fput(epi->file);
	xp_epitem_free(epi, user);
}

/*
 * No two of these items have the same file: who asks it again, as another item, holds one
 * reference of two, which is not the last.
 */
void xp_lastref_give(struct eventpoll *ep)
{
	struct epitem *epi, *next;
	unsigned int removed;

	lockdep_assert_held(&ep->mtx);
	for (epi = ep->closed; epi; epi = next) {
		next = epi->next_closed;
		xp_epitem_detach(ep, epi);
		removed = 1 + xp_epitem_remove_file(ep, epi->file);
		trace_xpoll_last_close(ep, epi->file, removed);
		xp_lastref_end(epi, ep->user);
	}
	ep->closed = NULL;
}

int __init xp_lastref_init(void)
{
	lastref_wq = alloc_workqueue("xpoll", WQ_UNBOUND, WQ_UNBOUND_MAX_ACTIVE);
	return lastref_wq ? 0 : -ENOMEM;
}

void xp_lastref_exit(void)
{
	destroy_workqueue(lastref_wq);
}
