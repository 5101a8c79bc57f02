// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of the hooks that ftrace accepted: do they work?
 *
 * At load: watches a file, closes it, and checks that the file's ->release() finds the item
 * removed. If not, the hook on the final fput does not work, and the module must not load.
 *
 * When the hook on each close is attached: watches a descriptor that ends with its number, closes
 * it as close(2) does while the file stays open, and checks that the item has gone.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/anon_inodes.h>
#include <linux/fdtable.h>
#include <linux/file.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "ended.h"
#include "epitem.h"
#include "hook.h"
#include "link.h"
#include "selftest.h"
#include "worker.h"

/**
 * struct selftest - one test, on the stack of the task that runs it
 * @work: watches and closes
 * @ep: the instance
 * @queue: the file's wait queue
 * @owner: a table of descriptors for the test of the hook on each close, in which nothing is open;
 *	or NULL
 * @seen: the hook saw the close
 * @err: why the test did not run
 */
struct selftest {
	struct work_struct work;
	struct eventpoll *ep;
	wait_queue_head_t queue;
	struct files_struct *owner;
	bool seen;
	int err;
};

static __poll_t xp_selftest_poll(struct file *file, poll_table *pt)
{
	struct selftest *test = file->private_data;

	poll_wait(file, &test->queue, pt);
	return 0;
}

/* Runs after the hook on the final fput. If the hook missed the item, removes it. */
static int xp_selftest_release(struct inode *inode, struct file *file)
{
	struct selftest *test = file->private_data;

	if (!test->owner)
		test->seen = RB_EMPTY_ROOT(&test->ep->rbr);
	xp_eventpoll_clear(test->ep);
	return 0;
}

static const struct file_operations xp_selftest_fops = {
	.owner		= THIS_MODULE,
	.poll		= xp_selftest_poll,
	.release	= xp_selftest_release,
};

static int xp_selftest_watch(const struct selftest *test, struct file *file)
{
	const struct epoll_event event = { .events = EPOLLIN };
	struct eventpoll *ep = test->ep;
	struct xp_place place;
	struct epitem *epi;
	__poll_t revents;
	int err = 0;

	mutex_lock(&ep->mtx);
	epi = xp_epitem_find_place(ep, file, 0, &place);
	if (!epi && test->owner)
		epi = xp_epitem_create_wide(ep, file, 0, &event, test->owner);
	else if (!epi)
		epi = xp_epitem_create(ep, file, 0, &event);
	if (IS_ERR(epi)) {
		err = PTR_ERR(epi);
	} else if (xp_epitem_link(ep, epi, &place, false)) {
		err = xp_epitem_hook(epi, &revents);
	} else {
		xp_epitem_discard(ep, epi);
		err = -EBUSY;
	}
	xp_eventpoll_unlock(ep);
	return err;
}

/* What close(2) does when the number is cleared. The caller's reference keeps the file open. */
static void xp_selftest_close_number(struct selftest *test, struct file *file)
{
	get_file(file);
	filp_close(file, test->owner);
	mutex_lock(&test->ep->mtx);
	test->seen = RB_EMPTY_ROOT(&test->ep->rbr);
	xp_eventpoll_unlock(test->ep);
}

/* In a kernel thread, where __fput_sync() is allowed. */
static void xp_selftest_work(struct work_struct *work)
{
	struct selftest *test = container_of(work, struct selftest, work);
	struct file *file;

	test->ep = xp_eventpoll_alloc(NULL);
	if (!test->ep) {
		test->err = -ENOMEM;
		return;
	}
	file = anon_inode_getfile("[xpoll-selftest]", &xp_selftest_fops, test, O_RDWR);
	if (IS_ERR(file)) {
		test->err = PTR_ERR(file);
	} else {
		test->err = xp_selftest_watch(test, file);
		if (test->owner && !test->err)
			xp_selftest_close_number(test, file);
		__fput_sync(file);
	}
	xp_eventpoll_put(test->ep);
}

static void xp_selftest_run(struct selftest *test)
{
	init_waitqueue_head(&test->queue);
	xp_run_in_worker(&test->work, xp_selftest_work);
}

/* A table of descriptors in use, in which nothing is open: the hook has to look the number up. */
static struct files_struct *xp_selftest_owner(void)
{
	struct files_struct *owner = kzalloc(sizeof(*owner), GFP_KERNEL);

	if (!owner)
		return NULL;
	atomic_set(&owner->count, 1);
	spin_lock_init(&owner->file_lock);
	owner->fdtab.max_fds = NR_OPEN_DEFAULT;
	owner->fdtab.fd = owner->fd_array;
	RCU_INIT_POINTER(owner->fdt, &owner->fdtab);
	return owner;
}

int xp_selftest_fdclose(void)
{
	struct selftest test = { .owner = xp_selftest_owner() };

	if (!test.owner)
		return -ENOMEM;
	xp_selftest_run(&test);
	kfree(test.owner);
	if (!test.err && !test.seen) {
		pr_err("self-test: the close of a watched descriptor went by unnoticed\n");
		return -ENXIO;
	}
	return test.err;
}

int __init xp_selftest_lastclose(void)
{
	struct selftest test = { .err = 0 };

	xp_selftest_run(&test);
	if (test.err) {
		pr_err("self-test of the hook on the last close failed to run: %d\n", test.err);
		return test.err;
	}
	if (!test.seen) {
		pr_err("self-test: the last close of a watched file went by unnoticed; not loading\n");
		return -ENXIO;
	}
	return 0;
}
