// SPDX-License-Identifier: GPL-2.0-only
/*
 * A test after the hooks on epoll's functions are attached: calls each function, and sees from the
 * result that the call was diverted. It runs in a kernel thread. The descriptors are in the table
 * that kernel threads share, where no process can use them.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/fdtable.h>
#include <linux/file.h>
#include <linux/kprobes.h>
#include <linux/sched.h>
#include <linux/time64.h>
#include <linux/workqueue.h>

#include "calltest.h"
#include "compat.h"
#include "divert.h"
#include "eventpoll.h"
#include "file.h"
#include "process.h"

/* On the stack of xp_calltest(). */
struct calltest {
	struct work_struct work;
	int err;
};

/* Only kprobes tell a module the address of a function. This one is never armed. */
static unsigned long xp_address(const char *function)
{
	struct kprobe probe = { .symbol_name = function, .flags = KPROBE_FLAG_DISABLED };
	unsigned long address;

	if (register_kprobe(&probe))
		return 0;
	address = (unsigned long)probe.addr;
	unregister_kprobe(&probe);
	return address;
}

/* Return: what @function returns, or -ENXIO if its address can't be had. */
static int xp_call(const char *function, long a, long b, long c, long d)
{
	unsigned long address = xp_address(function);

	return address ? xp_jump(a, b, c, d, 0, address) : -ENXIO;
}

/* Nothing is ready: 0. Native epoll: -EINVAL. */
static bool xp_wait_arrives(int fd)
{
	struct timespec64 no_wait = {};

	return !xp_call("do_epoll_wait", fd, 0, 1, (long)&no_wait);
}

/* Not watched: -ENOENT. Native epoll: -EINVAL. */
static bool xp_ctl_arrives(int fd, int target)
{
	return xp_call("do_epoll_ctl", fd, EPOLL_CTL_DEL, target, 0) == -ENOENT;
}

static bool xp_create_arrives(void)
{
	bool arrives = false;
	struct fd created;
	int fd;

	xp_process_opt_in(NULL);
	fd = xp_call("do_epoll_create", EPOLL_CLOEXEC, 0, 0, 0);
	xp_process_opt_out();
	if (fd < 0)
		return false;
	created = fdget(fd);
	if (fd_file(created))
		arrives = xp_eventpoll_of(fd_file(created));
	fdput(created);
	close_fd(fd);
	return arrives;
}

static int xp_calls_arrive(int fd, int target)
{
	const char *missed = NULL;

	if (!xp_wait_arrives(fd))
		missed = "do_epoll_wait";
	else if (!xp_ctl_arrives(fd, target))
		missed = "do_epoll_ctl";
	else if (!xp_create_arrives())
		missed = "do_epoll_create";
	if (!missed)
		return 0;
	pr_notice("self-test: a call of %s went by unnoticed\n", missed);
	return -ENXIO;
}

static void xp_calltest_work(struct work_struct *work)
{
	struct calltest *test = container_of(work, struct calltest, work);
	int fd = xp_eventpoll_open(O_CLOEXEC, NULL);
	int target = xp_eventpoll_open(O_CLOEXEC, NULL);

	test->err = fd < 0 ? fd : target < 0 ? target : xp_calls_arrive(fd, target);
	if (fd >= 0)
		close_fd(fd);
	if (target >= 0)
		close_fd(target);
	/* in a kernel thread another one does the final fput; an unload must not fail for it */
	flush_delayed_fput();
}

int xp_calltest(void)
{
	struct calltest test = { .err = 0 };

	INIT_WORK_ONSTACK(&test.work, xp_calltest_work);
	schedule_work(&test.work);
	flush_work(&test.work);
	destroy_work_on_stack(&test.work);
	return test.err;
}
