// SPDX-License-Identifier: GPL-2.0-only
/*
 * The operations of an instance's file, from CREATE to the release. Only what creates an instance
 * calls into this file.
 */
#include <linux/anon_inodes.h>
#include <linux/file.h>
#include <linux/module.h>
#include <linux/uaccess.h>

#include <linux/xpoll.h>

#include "busypoll.h"
#include "change.h"
#include "compat.h"
#include "ctl.h"
#include "decide.h"
#include "ended.h"
#include "enter.h"
#include "eventpoll.h"
#include "fdinfo.h"
#include "file.h"
#include "group.h"
#include "instances.h"
#include "post.h"
#include "ring.h"
#include "ringmemory.h"
#include "ringscan.h"
#include "scan.h"
#include "stats.h"
#include "trace.h"
#include "wait.h"
#include "wake.h"

/*
 * No task waits on the instance, since waiters and pollers hold the file. The hook on the
 * last close (lastclose.c) ran before this and removed the items of other instances that
 * watched this one.
 */
static int xp_eventpoll_release(struct inode *inode, struct file *file)
{
	struct eventpoll *ep = file->private_data;

	xp_eventpoll_clear(ep);
	xp_instances_del(ep);
	/* here, since the last reference may be that of a task that closes somebody else's file */
	if (ep->group)
		xp_group_leave(ep);
	trace_xpoll_release(ep);
	xp_eventpoll_put(ep);
	atomic_dec(&xp_instances);
	return 0;
}

static __poll_t xp_eventpoll_poll(struct file *file, poll_table *pt)
{
	return xp_scan_poll(file, pt, 0);
}

static long xp_eventpoll_stats(const struct eventpoll *ep, void __user *argp)
{
	struct xpoll_stats stats = {};

	xp_stats_add(&stats, ep);
	return copy_to_user(argp, &stats, sizeof(stats)) ? -EFAULT : 0;
}

/*
 * Return: the instance's own policy, created if it has none or shares the group's; with a
 * reference. NULL without memory.
 */
static struct ep_wake *xp_own_wake(struct eventpoll *ep)
{
	struct ep_wake *wake = xp_eventpoll_get_wake(ep);

	lockdep_assert_held(&ep->mtx);
	if (wake && wake != xp_group_wake(ep->group))
		return wake;
	xp_wake_put(wake);
	return xp_wake_alloc();
}

/* Out of line, so that xp_eventpoll_ioctl() needs no stack frame: 14 for each WAIT on 6.1. */
static noinline long xp_eventpoll_wake(struct eventpoll *ep, const void __user *argp)
{
	struct xp_wake_request request;
	struct ep_wake *wake;
	int err = xp_wake_request(&request, argp);

	if (err)
		return err;
	mutex_lock(&ep->mtx);
	wake = xp_own_wake(ep);
	if (wake) {
		xp_wake_apply(wake, &request);
		xp_eventpoll_set_wake(ep, wake);
	}
	xp_eventpoll_unlock(ep);
	if (wake)
		return 0;
	xp_wake_drop(&request);
	return -ENOMEM;
}

static noinline long xp_eventpoll_worker(struct eventpoll *ep, const u32 __user *argp)
{
	u32 worker;

	if (get_user(worker, argp))
		return -EFAULT;
	if (worker > XPOLL_WORKERS_MAX)
		return -EINVAL;
	WRITE_ONCE(ep->worker, worker);
	return 0;
}

static int xp_eventpoll_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct eventpoll *ep = file->private_data;
	struct ep_wake *wake;
	int err;

	if (ep->ring && vma->vm_pgoff)
		return xp_ring_mmap(ep->ring, vma);
	wake = xp_eventpoll_get_wake(ep);
	err = xp_wake_mmap(wake, vma);
	xp_wake_put(wake);
	return err;
}

static unsigned long xp_eventpoll_unmapped_area(struct file *file, unsigned long addr,
						unsigned long len, unsigned long pgoff,
						unsigned long flags)
{
	struct eventpoll *ep = file->private_data;
	struct ep_wake *wake;
	unsigned long area;

	if (ep->ring && pgoff)
		return xp_unmapped_area(file, addr, len, pgoff, flags);
	wake = xp_eventpoll_get_wake(ep);
	area = xp_wake_unmapped_area(wake, file, addr, len, pgoff, flags);
	xp_wake_put(wake);
	return area;
}

/* Commands besides WAIT and CTL. */
static noinline long xp_eventpoll_command(struct file *file, unsigned int cmd, void __user *argp)
{
	struct eventpoll *ep = file->private_data;

	switch (cmd) {
	case XPOLL_IOC_ENTER:
		return xp_enter(file, argp);
	case XPOLL_IOC_CHANGE:
		return xp_change(file, argp);
	case XPOLL_IOC_POST:
		return xp_post(ep, argp);
	case XPOLL_IOC_STATS:
		return xp_eventpoll_stats(ep, argp);
	case XPOLL_IOC_WAKE:
		return xp_eventpoll_wake(ep, argp);
	case XPOLL_IOC_WORKER:
		return xp_eventpoll_worker(ep, argp);
	case XPOLL_IOC_SET_BUSY_POLL:
		return xp_busy_set(ep, argp);
	case XPOLL_IOC_GET_BUSY_POLL:
		return xp_busy_get(ep, argp);
	}
	return _IOC_TYPE(cmd) == XPOLL_IOC_MAGIC ? -ENOTTY : xp_native_ioctl(cmd);
}

/* In one switch with the others, WAIT would take four instructions more, for comparisons. */
static long xp_eventpoll_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	void __user *argp = (void __user *)arg;

	if (likely(cmd == XPOLL_IOC_WAIT))
		return xp_wait(file->private_data, argp);
	if (cmd == XPOLL_IOC_CTL)
		return xp_ctl(file, argp);
	return xp_eventpoll_command(file, cmd, argp);
}

const struct file_operations xp_eventpoll_fops = {
	.owner		= THIS_MODULE,
	.release	= xp_eventpoll_release,
	.poll		= xp_eventpoll_poll,
	.unlocked_ioctl	= xp_eventpoll_ioctl,
	.compat_ioctl	= compat_ptr_ioctl,
	.mmap		= xp_eventpoll_mmap,
	.get_unmapped_area = xp_eventpoll_unmapped_area,
	.llseek		= noop_llseek,
	.show_fdinfo	= xp_fdinfo_show,
};

/* @slots: number of slots of its ready ring, 0 for none. Return: a new instance, or ERR_PTR(). */
static struct eventpoll *xp_eventpoll_create(u32 slots)
{
	struct eventpoll *ep = xp_eventpoll_alloc(get_current_user());
	int err;

	if (!ep)
		return ERR_PTR(-ENOMEM);
	err = slots ? xp_ring_make(ep, slots, xp_ring_poll) : 0;
	if (!err)
		return ep;
	xp_eventpoll_put(ep);
	return ERR_PTR(err);
}

/* Return: the file of a new instance in @group (or NULL), whose reference it takes over. */
static struct file *xp_eventpoll_file(int flags, struct ep_group *group, u32 slots)
{
	struct eventpoll *ep = xp_eventpoll_create(slots);
	struct file *file;

	if (IS_ERR(ep)) {
		file = ERR_CAST(ep);
		goto put_group;
	}
	if (flags & XPOLL_CREATE_CLOSE_REMOVES)
		ep->add_flags = XPOLL_CHANGE_CLOSE;
	file = anon_inode_getfile("[xpoll]", &xp_eventpoll_fops, ep,
				  O_RDWR | (flags & XPOLL_CLOEXEC));
	if (IS_ERR(file)) {
		xp_eventpoll_put(ep);
		goto put_group;
	}
	ep->file = file;
	atomic_inc(&xp_instances);
	if (group)
		xp_group_join(group, ep);
	xp_instances_add(ep);
	return file;

put_group:
	xp_group_put(group);
	return file;
}

int xp_eventpoll_open(int flags, struct ep_group *group, u32 slots)
{
	int fd = get_unused_fd_flags(O_RDWR | (flags & XPOLL_CLOEXEC));
	struct file *file;

	if (fd < 0) {
		xp_group_put(group);
		return fd;
	}
	file = xp_eventpoll_file(flags, group, slots);
	if (IS_ERR(file)) {
		put_unused_fd(fd);
		return PTR_ERR(file);
	}
	/* before fd_install(): after it another thread may close the file */
	trace_xpoll_create(file->private_data, fd);
	fd_install(fd, file);
	return fd;
}
