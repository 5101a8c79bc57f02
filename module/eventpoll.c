// SPDX-License-Identifier: GPL-2.0-only
/*
 * An instance from CREATE to the release of its file.
 */
#include <linux/anon_inodes.h>
#include <linux/file.h>
#include <linux/module.h>
#include <linux/device.h>
#include <linux/sched/user.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include <linux/xpoll.h>

#include "compat.h"
#include "epitem.h"
#include "eventpoll.h"
#include "group.h"
#include "scan.h"
#include "stats.h"
#include "trace.h"

struct eventpoll *xp_eventpoll_alloc(struct user_struct *user)
{
	struct eventpoll *ep = kzalloc(sizeof(*ep), GFP_KERNEL_ACCOUNT);

	if (!ep) {
		free_uid(user);
		return NULL;
	}
	mutex_init(&ep->mtx);
	ep->rbr = RB_ROOT;
	init_waitqueue_head(&ep->wq);
	init_waitqueue_head(&ep->poll_wait);
	INIT_LIST_HEAD(&ep->rdllist);
	ep->user = user;
	refcount_set(&ep->refcount, 1);
	return ep;
}

void xp_eventpoll_put(struct eventpoll *ep)
{
	if (refcount_dec_and_test(&ep->refcount))
		xp_eventpoll_free(ep);
}

void xp_eventpoll_free(struct eventpoll *ep)
{
	WARN_ON_ONCE(!RB_EMPTY_ROOT(&ep->rbr));
	if (ep->group)
		xp_group_leave(ep);
	mutex_destroy(&ep->mtx);
	wakeup_source_unregister(ep->ws);
	free_uid(ep->user);
	kfree(ep);
}

/* Remove every item. */
void xp_eventpoll_clear(struct eventpoll *ep)
{
	struct rb_node *node;

	mutex_lock(&ep->mtx);
	while ((node = rb_first(&ep->rbr))) {
		xp_epitem_remove(ep, rb_entry(node, struct epitem, rbn));
		cond_resched();
	}
	mutex_unlock(&ep->mtx);
}

/*
 * Nobody waits on the instance any more: a waiter is inside an ioctl, and a
 * poller that is not an item holds the file as well. Items of other instances
 * were removed when the last close was announced, before this.
 */
static int xp_eventpoll_release(struct inode *inode, struct file *file)
{
	struct eventpoll *ep = file->private_data;

	xp_eventpoll_clear(ep);
	trace_xpoll_release(ep);
	xp_eventpoll_put(ep);
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

static long xp_eventpoll_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct eventpoll *ep = file->private_data;
	void __user *argp = (void __user *)arg;

	switch (cmd) {
	case XPOLL_IOC_WAIT:
		return xp_wait(ep, argp);
	case XPOLL_IOC_CTL:
		return xp_ctl(ep, file, argp);
	case XPOLL_IOC_STATS:
		return xp_eventpoll_stats(ep, argp);
	}
	return _IOC_TYPE(cmd) == XPOLL_IOC_MAGIC ? -ENOTTY : xp_native_ioctl(cmd);
}

const struct file_operations xp_eventpoll_fops = {
	.owner		= THIS_MODULE,
	.release	= xp_eventpoll_release,
	.poll		= xp_eventpoll_poll,
	.unlocked_ioctl	= xp_eventpoll_ioctl,
	.compat_ioctl	= compat_ptr_ioctl,
	.llseek		= noop_llseek,
#ifdef CONFIG_PROC_FS
	.show_fdinfo	= xp_fdinfo_show,
#endif
};

/* Return: the file of a new instance in @group (or NULL), whose reference it takes over. */
static struct file *xp_eventpoll_file(int flags, struct ep_group *group)
{
	struct eventpoll *ep = xp_eventpoll_alloc(get_current_user());
	struct file *file;

	if (!ep) {
		file = ERR_PTR(-ENOMEM);
		goto put_group;
	}
	file = anon_inode_getfile("[xpoll]", &xp_eventpoll_fops, ep, O_RDWR | flags);
	if (IS_ERR(file)) {
		xp_eventpoll_put(ep);
		goto put_group;
	}
	ep->file = file;
	if (group)
		xp_group_join(group, ep);
	return file;

put_group:
	if (group)
		xp_group_put(group);
	return file;
}

int xp_eventpoll_open(int flags, struct ep_group *group)
{
	int fd = get_unused_fd_flags(O_RDWR | flags);
	struct file *file;

	if (fd < 0) {
		if (group)
			xp_group_put(group);
		return fd;
	}
	file = xp_eventpoll_file(flags, group);
	if (IS_ERR(file)) {
		put_unused_fd(fd);
		return PTR_ERR(file);
	}
	/* from fd_install() on another thread may close it */
	trace_xpoll_create(file->private_data, fd);
	fd_install(fd, file);
	return fd;
}
