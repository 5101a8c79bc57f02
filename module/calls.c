// SPDX-License-Identifier: GPL-2.0-only
/*
 * What runs in place of do_epoll_ctl() and do_epoll_create(); wait.c has what runs in place of
 * do_epoll_wait() and epoll_sendevents(). The kernel's own code around them stays: it copies
 * timeouts and events from user space, for 32-bit programs too, and sets the signal mask and
 * restores it.
 *
 * A call sleeps only while something pins the module: the instance's file, from xp_decide() to the
 * last use of the file, or the reference that xp_decide_create() took. The callers of
 * do_epoll_ctl_file() and epoll_sendevents() hold the file. Before and after that a call does not
 * sleep, so synchronize_rcu_tasks() waits for it at unload.
 */
#include <linux/file.h>
#include <linux/module.h>

#include "calls.h"
#include "ctl.h"
#include "decide.h"
#include "eventpoll.h"
#include "file.h"
#include "process.h"

asmlinkage __visible int xp_do_epoll_ctl(int epfd, int op, int fd, struct epoll_event *epds,
					 bool nonblock, unsigned long instance)
{
	struct file *file = xp_decided_file(instance);
	int err = xp_ctl_call(file, op, fd, epds, nonblock);

	if (instance & EP_FILE_COUNTED)
		fput(file);
	return err;
}

#ifdef XP_HAVE_EPOLL_KEY
asmlinkage __visible int xp_do_epoll_ctl_file(struct file *epfile, int op, struct epoll_key *key,
					      struct epoll_event *epds, bool nonblock)
{
	return xp_ctl_held(epfile, op, key->file, key->fd, epds, nonblock);
}
#endif

asmlinkage __visible bool xp_decide_create(void)
{
	return xp_process_opted() && try_module_get(THIS_MODULE);
}

asmlinkage __visible int xp_do_epoll_create(int flags)
{
	struct ep_group *group;
	int fd = -EINVAL, more;

	if (!(flags & ~EPOLL_CLOEXEC)) {
		group = xp_process_group(&more);
		fd = xp_eventpoll_open(flags | more, group, 0);
	}
	module_put(THIS_MODULE);
	return fd;
}
