// SPDX-License-Identifier: GPL-2.0-only
/*
 * Passes the last reference to a watched file to a worker. For a scan this allocates no memory
 * and so can't fail: the item, which is removed, carries the reference. After a change there
 * may be no item, and one that tells its end goes on as a record; then without memory the task
 * does the final fput.
 *
 * The final fput may block: on a socket with SO_LINGER, on a disk, on the mutex of
 * another instance that watches the file. So each file has its own work item, and these
 * run concurrently. The kernel's list of delayed fputs runs one after the other, so one
 * user's file would wait for another's.
 */
#include <linux/file.h>
#include <linux/module.h>
#include <linux/sched/user.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#include "epitem.h"
#include "lastref.h"
#include "trace.h"
#include "wide.h"

/*
 * The most files that workers close at once. Beyond it the scanning task does the final
 * fput, as with native epoll: a user can have many files whose final fput blocks, and
 * these must not fill the workqueue.
 */
#define MAX_PENDING 128

static struct workqueue_struct *lastref_wq;
static atomic_t pending = ATOMIC_INIT(0);

static bool xp_tells(struct epitem *epi)
{
	return xp_is_wide(epi) && (xp_wide(epi)->has & EP_WIDE_TELLS);
}

void xp_lastref_keep(struct epitem *epi)
{
	struct eventpoll *ep = epi->ep;

	lockdep_assert_held(&ep->mtx);
	if (unlikely(xp_tells(epi)))
		xp_wide(epi)->data = epi->data;
	epi->next_closed = ep->closed;
	ep->closed = epi;
}

/* In a kernel thread, where __fput_sync() is allowed. */
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
 * Until the final fput is done, the item is charged to its user's quota, which limits the
 * files that a user can leave to workers, and holds the module: a final fput may block
 * for long, and rmmod should fail rather than wait.
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
 * No two of these items have the same file: a scan that polls the file again, for another
 * item, drops one of two references, not the last one.
 *
 * An item that tells its end becomes the record of that now, so it can't carry the reference. A
 * task that waits for the record gets it, whoever does the final fput, and when.
 */
void xp_lastref_give(struct eventpoll *ep)
{
	struct epitem *epi, *next;
	unsigned int removed;

	lockdep_assert_held(&ep->mtx);
	for (epi = ep->closed; epi; epi = next) {
		struct file *file = epi->file;
		bool tells = xp_tells(epi);

		next = epi->next_closed;
		if (unlikely(tells))
			epi->data = xp_wide(epi)->data;
		xp_epitem_detach(ep, epi);
		removed = 1 + xp_epitem_remove_file(ep, file);
		trace_xpoll_last_close(ep, file, removed);
		if (unlikely(tells)) {
			xp_epitem_free(epi, ep->user);
			xp_lastref_give_file(file);
		} else {
			xp_lastref_end(epi, ep->user);
		}
	}
	ep->closed = NULL;
}

/* A file without an item. No quota is charged for it: MAX_PENDING limits these. */
struct closing {
	struct work_struct work;
	struct file *file;
};

static void xp_closing_work(struct work_struct *work)
{
	struct closing *closing = container_of(work, struct closing, work);

	__fput_sync(closing->file);
	kfree(closing);
	atomic_dec(&pending);
	module_put(THIS_MODULE);
}

void xp_lastref_give_file(struct file *file)
{
	struct closing *closing = NULL;

	if (atomic_inc_return(&pending) <= MAX_PENDING)
		closing = kmalloc(sizeof(*closing), GFP_KERNEL_ACCOUNT);
	if (!closing) {
		atomic_dec(&pending);
		fput(file);
		return;
	}
	closing->file = file;
	__module_get(THIS_MODULE);
	INIT_WORK(&closing->work, xp_closing_work);
	queue_work(lastref_wq, &closing->work);
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
