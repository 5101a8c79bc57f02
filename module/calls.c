// SPDX-License-Identifier: GPL-2.0-only
/*
 * What runs in place of do_epoll_wait(), do_epoll_ctl() and do_epoll_create(). The kernel's own
 * code around them stays: it copies timeouts and events from user space, for 32-bit programs
 * too, and sets the signal mask and restores it.
 *
 * Who holds the module here: each sleep is between xp_decide() and the last line that uses the
 * instance's file, which holds the module; a reference of its own does so in
 * xp_do_epoll_create(). Before and after, tasks don't sleep, so synchronize_rcu_tasks() waits for
 * them at unload.
 */
#include <linux/file.h>
#include <linux/module.h>

#include "calls.h"
#include "ctl.h"
#include "decide.h"
#include "eventpoll.h"
#include "file.h"
#include "process.h"
#include "wait.h"

static struct file *xp_instance_file(unsigned long instance)
{
	return (struct file *)(instance & ~EP_FILE_COUNTED);
}

static void xp_instance_put(unsigned long instance)
{
	if (instance & EP_FILE_COUNTED)
		fput(xp_instance_file(instance));
}

asmlinkage __visible int xp_do_epoll_wait(int epfd, struct epoll_event __user *events,
					  int maxevents, struct timespec64 *to,
					  unsigned long instance)
{
	struct eventpoll *ep = xp_instance_file(instance)->private_data;
	int n;

	if (!(instance & EP_FILE_COUNTED))
		return xp_wait_until(ep, events, maxevents, to);
	n = xp_wait_until(ep, events, maxevents, to);
	xp_instance_put(instance);
	return n;
}

asmlinkage __visible int xp_do_epoll_ctl(int epfd, int op, int fd, struct epoll_event *epds,
					 bool nonblock, unsigned long instance)
{
	struct file *file = xp_instance_file(instance);
	int err = xp_ctl_call(file, op, fd, epds, nonblock);

	xp_instance_put(instance);
	return err;
}

asmlinkage __visible bool xp_decide_create(void)
{
	return xp_process_opted() && try_module_get(THIS_MODULE);
}

asmlinkage __visible int xp_do_epoll_create(int flags)
{
	int fd = -EINVAL;

	if (!(flags & ~EPOLL_CLOEXEC))
		fd = xp_eventpoll_open(flags, xp_process_group());
	module_put(THIS_MODULE);
	return fd;
}
