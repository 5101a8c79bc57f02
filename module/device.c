// SPDX-License-Identifier: GPL-2.0-only
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include <linux/xpoll.h>

#include "attach.h"
#include "busypoll.h"
#include "closehook.h"
#include "device.h"
#include "eventpoll.h"
#include "file.h"
#include "group.h"
#include "paths.h"
#include "process.h"
#include "quota.h"
#include "ring.h"
#include "wake.h"

static long xp_device_features(void __user *argp)
{
	struct xpoll_features features = {
		.features = XPOLL_FEATURE_LAST_CLOSE | XPOLL_FEATURE_WAIT_ABSTIME |
			    XPOLL_FEATURE_WAIT_TIMESPEC | XPOLL_FEATURE_STATS |
			    XPOLL_FEATURE_KEY | XPOLL_FEATURE_WAKE |
			    XPOLL_FEATURE_PROCESS | XPOLL_FEATURE_ENTER |
			    XPOLL_FEATURE_POST | XPOLL_FEATURE_RING |
			    XPOLL_FEATURE_CLOSE_REMOVES |
			    XPOLL_FEATURE_COOKIE | XPOLL_FEATURE_ONLY |
			    XPOLL_FEATURE_RESTART | XPOLL_FEATURE_EXTENDED |
			    XPOLL_FEATURE_REMOVED | XP_BUSY_FEATURES,
		.max_user_watches = xp_quota_limit(),
		.abi_version = XPOLL_ABI_VERSION,
		.max_events = EP_MAX_EVENTS,
		.max_nests = EP_MAX_NESTS,
	};

	if (IS_ENABLED(CONFIG_PM_SLEEP))
		features.features |= XPOLL_FEATURE_WAKEUP;
	if (xp_attached())
		features.features |= XPOLL_FEATURE_EPOLL_CALLS;
	return copy_to_user(argp, &features, sizeof(features)) ? -EFAULT : 0;
}

/* Store group @id in @group, with a reference; NULL for 0. Return: 0 or -ESRCH. */
static int xp_device_group(const struct file *file, u32 id, u64 key, struct ep_group **group)
{
	*group = id ? xp_group_get(file, id, key) : NULL;
	return id && !*group ? -ESRCH : 0;
}

/*
 * As xp_device_group(), and attach what @flags (XPOLL_CREATE_CLOSE_REMOVES or not) need. A call
 * that fails should not patch functions that every program calls, so it looks up the group before.
 */
static int xp_device_group_hooked(const struct file *file, u32 id, u64 key, u32 flags,
				  struct ep_group **group)
{
	int err = xp_device_group(file, id, key, group);

	if (err || !(flags & XPOLL_CREATE_CLOSE_REMOVES))
		return err;
	err = xp_closehook_attach();
	if (err)
		xp_group_put(*group);
	return err;
}

/* @size: size of struct xpoll_create_keyed, or of its first part, struct xpoll_create */
static long xp_device_create(const struct file *file, const void __user *argp, size_t size)
{
	struct xpoll_create_keyed create = {};
	struct ep_group *group;
	int err;

	if (copy_from_user(&create, argp, size))
		return -EFAULT;
	if (create.flags & ~(XPOLL_CLOEXEC | XPOLL_CREATE_CLOSE_REMOVES))
		return -EINVAL;
	err = xp_device_group_hooked(file, create.group, create.key, create.flags, &group);
	return err ?: xp_eventpoll_open(create.flags, group, 0);
}

static long xp_device_create_ring(const struct file *file, const void __user *argp)
{
	struct xpoll_create_ring create;
	struct ep_group *group;
	int err;

	if (copy_from_user(&create, argp, sizeof(create)))
		return -EFAULT;
	if ((create.flags & ~XPOLL_CLOEXEC) || !xp_ring_slots_valid(create.slots) ||
	    memchr_inv(create.reserved, 0, sizeof(create.reserved)))
		return -EINVAL;
	err = xp_device_group(file, create.group, create.key, &group);
	return err ?: xp_eventpoll_open(create.flags, group, create.slots);
}

static int xp_process_join(const struct file *file, const struct xpoll_process *process)
{
	struct ep_group *group;
	int err = xp_device_group_hooked(file, process->group, process->key, process->flags,
					 &group);

	if (err)
		return err;
	err = xp_attach();
	if (!err)
		return xp_process_opt_in(group, process->flags);
	xp_group_put(group);
	return err;
}

static long xp_device_process(const struct file *file, const void __user *argp)
{
	struct xpoll_process process;

	if (copy_from_user(&process, argp, sizeof(process)))
		return -EFAULT;
	if (memchr_inv(process.reserved, 0, sizeof(process.reserved)) ||
	    process.flags & ~XPOLL_CREATE_CLOSE_REMOVES)
		return -EINVAL;
	if (process.mode == XPOLL_PROCESS_XPOLL)
		return xp_process_join(file, &process);
	if (process.group || process.key || process.flags)
		return -EINVAL;
	if (process.mode == XPOLL_PROCESS_NATIVE)
		return xp_attached() && xp_process_opt_out();
	if (process.mode == XPOLL_PROCESS_ASK)
		return xp_attached() && xp_process_opted();
	return -EINVAL;
}

static long xp_device_key(const struct file *file, void __user *argp)
{
	u64 key;
	int err = xp_group_key(file, &key);

	if (err)
		return err;
	return copy_to_user(argp, &key, sizeof(key)) ? -EFAULT : 0;
}

static long xp_device_stats(const struct file *file, void __user *argp)
{
	struct xpoll_stats stats;
	int err = xp_group_stats(file, &stats);

	if (err)
		return err;
	return copy_to_user(argp, &stats, sizeof(stats)) ? -EFAULT : 0;
}

static long xp_device_wake(struct file *file, const void __user *argp)
{
	struct xp_wake_request request;
	int err = xp_wake_request(&request, argp);

	return err ?: xp_group_set_wake(file, &request);
}

static int xp_device_mmap(struct file *file, struct vm_area_struct *vma)
{
	return xp_wake_mmap(xp_group_wake_of(file), vma);
}

static unsigned long xp_device_unmapped_area(struct file *file, unsigned long addr,
					     unsigned long len, unsigned long pgoff,
					     unsigned long flags)
{
	return xp_wake_unmapped_area(xp_group_wake_of(file), file, addr, len, pgoff, flags);
}

static long xp_device_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	void __user *argp = (void __user *)arg;

	switch (cmd) {
	case XPOLL_IOC_FEATURES:
		return xp_device_features(argp);
	case XPOLL_IOC_CREATE:
		return xp_device_create(file, argp, sizeof(struct xpoll_create));
	case XPOLL_IOC_CREATE_KEYED:
		return xp_device_create(file, argp, sizeof(struct xpoll_create_keyed));
	case XPOLL_IOC_CREATE_RING:
		return xp_device_create_ring(file, argp);
	case XPOLL_IOC_GROUP:
		return xp_group_id(file);
	case XPOLL_IOC_KEY:
		return xp_device_key(file, argp);
	case XPOLL_IOC_STATS:
		return xp_device_stats(file, argp);
	case XPOLL_IOC_WAKE:
		return xp_device_wake(file, argp);
	case XPOLL_IOC_PROCESS:
		return xp_device_process(file, argp);
	}
	return -ENOTTY;
}

static int xp_device_open(struct inode *inode, struct file *file)
{
	/* will point to the group; misc_open() stored its own pointer */
	file->private_data = NULL;
	return 0;
}

static int xp_device_release(struct inode *inode, struct file *file)
{
	xp_group_release(file);
	return 0;
}

static const struct file_operations xp_device_fops = {
	.owner		= THIS_MODULE,
	.open		= xp_device_open,
	.release	= xp_device_release,
	.unlocked_ioctl	= xp_device_ioctl,
	.compat_ioctl	= compat_ptr_ioctl,
	.mmap		= xp_device_mmap,
	.get_unmapped_area = xp_device_unmapped_area,
	.llseek		= noop_llseek,
};

/* For all users, as epoll is. */
static struct miscdevice xp_device = {
	.minor	= MISC_DYNAMIC_MINOR,
	.name	= "xpoll",
	.fops	= &xp_device_fops,
	.mode	= 0666,
};

int __init xp_device_init(void)
{
	return misc_register(&xp_device);
}

void xp_device_exit(void)
{
	misc_deregister(&xp_device);
}
