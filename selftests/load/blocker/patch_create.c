// SPDX-License-Identifier: GPL-2.0-only
/*
 * A live patch of a function that xpoll hooks too. With it epoll_create1(2) returns a duplicate of
 * the descriptor in the parameter "fd" of who loads the module, by which a test sees who got a call.
 */
#include <linux/file.h>
#include <linux/livepatch.h>
#include <linux/module.h>

static int fd = -1;
module_param(fd, int, 0444);
MODULE_PARM_DESC(fd, "the native instance that every caller gets");

static struct file *instance;

static int patched_epoll_create(int flags)
{
	int copy = get_unused_fd_flags(flags & O_CLOEXEC);

	if (copy >= 0)
		fd_install(copy, get_file(instance));
	return copy;
}

static struct klp_func functions[] = {
	{
		.old_name	= "do_epoll_create",
		.new_func	= patched_epoll_create,
	},
	{ }
};

static struct klp_object objects[] = {
	{
		.funcs	= functions, /* without a name it is of vmlinux */
	},
	{ }
};

static struct klp_patch patch = {
	.mod	= THIS_MODULE,
	.objs	= objects,
};

static int __init patch_create_init(void)
{
	int err;

	instance = fget(fd);
	if (!instance)
		return -EBADF;
	err = klp_enable_patch(&patch);
	if (err)
		fput(instance);
	return err;
}

/* The kernel keeps the module until the patch was disabled and no task is in it. */
static void __exit patch_create_exit(void)
{
	fput(instance);
}

module_init(patch_create_init);
module_exit(patch_create_exit);

MODULE_DESCRIPTION("Live patch of do_epoll_create(), for the tests of xpoll's own hook");
MODULE_LICENSE("GPL");
MODULE_INFO(livepatch, "Y");
