// SPDX-License-Identifier: GPL-2.0-only
/*
 * A test after the hooks on epoll's functions are attached. It calls the functions that the
 * kernel's table of system calls has, and checks by the result that the hook diverted the call. So
 * it also finds a function that the compiler has inlined, or cloned, for one of its callers. It
 * runs in a kernel thread. The descriptors are in the table that kernel threads share, where no
 * process can use them.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/fdtable.h>
#include <linux/file.h>
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/time64.h>

#include "calltest.h"
#include "divert.h"
#include "entries.h"
#include "eventpoll.h"
#include "file.h"
#include "process.h"
#include "worker.h"

/* On the stack of xp_calltest(). */
struct calltest {
	struct work_struct work;
	int err;
};

/* Only kprobes tell a module the address of a function. This one is never armed. */
static int xp_address(const char *function, unsigned long *address)
{
	struct kprobe probe = { .symbol_name = function, .flags = KPROBE_FLAG_DISABLED };
	int err = register_kprobe(&probe);

	/* a diverted call returns -ENOENT, so return another error for a missing function */
	if (err == -ENOENT)
		return -ENXIO;
	if (err)
		return err;
	*address = (unsigned long)probe.addr;
	unregister_kprobe(&probe);
	return 0;
}

/* Return: what @function returns, or an error of xp_address(). */
static int xp_call(const char *function, long a, long b, long c, long d)
{
	unsigned long address;
	int err = xp_address(function, &address);

	return err ?: xp_jump(a, b, c, d, 0, address);
}

/* Return: what @entry, one of @entries, returns, or an error of xp_address(). */
static int xp_system_call(const struct xp_entries *entries, const char *entry, long a, long b,
			  long c)
{
	struct pt_regs regs = xp_entry_regs(entries, a, b, c);

	return xp_call(entry, (long)&regs, 0, 0, 0);
}

static int xp_call_wait(int epfd)
{
	struct timespec64 no_wait = {};

	return xp_call("do_epoll_wait", epfd, 0, 1, (long)&no_wait);
}

static int xp_call_ctl(int epfd, int op, int target)
{
	struct epoll_event event = {};

	return xp_call("do_epoll_ctl", epfd, op, target, (long)&event);
}

static int xp_call_create(void)
{
	return xp_call("do_epoll_create", EPOLL_CLOEXEC, 0, 0, 0);
}

/*
 * Close @fd. The final fput runs here: in a kernel thread close_fd() leaves it to another one, and
 * an unload that came first would fail.
 */
static void xp_close(int fd)
{
	struct file *file = fget(fd);

	close_fd(fd);
	if (file)
		__fput_sync(file);
}

/* Return: @err if it is one of a call that could not be made, otherwise -ENXIO, with the reason. */
static int xp_missed(const char *function, int err)
{
	if (err == -ENOMEM || err == -ENOSPC)
		return err;
	pr_notice("self-test: a call of %s was not diverted, or a native one was: %d\n", function,
		  err);
	return -ENXIO;
}

/* Nothing is ready: 0. Native epoll: -EINVAL. */
static int xp_wait_arrives(const struct xp_entries *entries, const char *entry, int fd)
{
	int ret = xp_system_call(entries, entry, fd, 0, 1);

	return ret ? xp_missed(entry, ret) : 0;
}

/* Not watched: -ENOENT. Native epoll: -EINVAL. */
static int xp_ctl_arrives(const struct xp_entries *entries, int fd, int target)
{
	int ret = xp_system_call(entries, entries->ctl, fd, EPOLL_CTL_DEL, target);

	return ret == -ENOENT ? 0 : xp_missed(entries->ctl, ret);
}

#ifdef XP_HAVE_EPOLL_KEY
static int xp_ctl_file_arrives(int fd, int target)
{
	struct epoll_key key = { .file = fget(target), .fd = target };
	struct file *file = fget(fd);
	int ret = -EBADF;

	if (file && key.file)
		ret = xp_call("do_epoll_ctl_file", (long)file, EPOLL_CTL_DEL, (long)&key, 0);
	if (file)
		fput(file);
	if (key.file)
		fput(key.file);
	return ret == -ENOENT ? 0 : xp_missed("do_epoll_ctl_file", ret);
}
#else
static int xp_ctl_file_arrives(int fd, int target)
{
	return 0;
}
#endif

#ifdef XP_HAVE_SENDEVENTS
/* Nothing is ready: 0. Native epoll: -EINVAL. */
static int xp_sendevents_arrive(int fd)
{
	struct file *file = fget(fd);
	int ret = -EBADF;

	if (file) {
		ret = xp_call("epoll_sendevents", (long)file, 0, 1, 0);
		fput(file);
	}
	return ret ? xp_missed("epoll_sendevents", ret) : 0;
}
#else
static int xp_sendevents_arrive(int fd)
{
	return 0;
}
#endif

static int xp_create_arrives(const struct xp_entries *entries, const char *entry,
			     int argument)
{
	struct file *file;
	bool arrives;
	int fd;

	xp_process_opt_in(NULL, 0);
	fd = xp_system_call(entries, entry, argument, 0, 0);
	xp_process_opt_out();
	if (fd < 0)
		return xp_missed(entry, fd);
	file = fget(fd);
	arrives = file && xp_eventpoll_of(file);
	if (file)
		fput(file);
	xp_close(fd);
	return arrives ? 0 : xp_missed(entry, 0);
}

/* epoll_pwait2(2) is left out: its timeout is in user space. It calls what epoll_pwait(2) does. */
static int xp_entries_arrive(int fd, int target)
{
	const struct xp_entries *entries;
	int err = 0;

	for (entries = xp_entries; !err && entries < xp_entries + ARRAY_SIZE(xp_entries); entries++)
		err = xp_wait_arrives(entries, entries->wait, fd) ?:
		      xp_wait_arrives(entries, entries->pwait, fd) ?:
		      xp_ctl_arrives(entries, fd, target) ?:
		      xp_create_arrives(entries, entries->create, 1) ?:
		      xp_create_arrives(entries, entries->create1, EPOLL_CLOEXEC);
	return err;
}

static int xp_native_steps(int epfd, int target)
{
	int ret = xp_call_ctl(epfd, EPOLL_CTL_ADD, target);

	if (!ret)
		ret = xp_call_wait(epfd);
	if (!ret)
		ret = xp_call_ctl(epfd, EPOLL_CTL_DEL, target);
	if (ret)
		return xp_missed("do_epoll_ctl", ret);
	ret = xp_call_ctl(epfd, EPOLL_CTL_DEL, target);
	return ret == -ENOENT ? 0 : xp_missed("do_epoll_ctl", ret);
}

/* While an instance exists, so that the deciders run: they change no argument of a native call. */
static int xp_native_goes_on(int target)
{
	int epfd = xp_call_create(), err;

	if (epfd < 0)
		return xp_missed("do_epoll_create", epfd);
	err = xp_native_steps(epfd, target);
	xp_close(epfd);
	return err;
}

static int xp_calls_arrive(int fd, int target)
{
	return xp_entries_arrive(fd, target) ?: xp_ctl_file_arrives(fd, target) ?:
	       xp_sendevents_arrive(fd) ?: xp_native_goes_on(target);
}

static void xp_calltest_work(struct work_struct *work)
{
	struct calltest *test = container_of(work, struct calltest, work);
	int fd = xp_eventpoll_open(O_CLOEXEC, NULL, 0);
	int target = xp_eventpoll_open(O_CLOEXEC, NULL, 0);

	test->err = fd < 0 ? fd : target < 0 ? target : xp_calls_arrive(fd, target);
	if (fd >= 0)
		xp_close(fd);
	if (target >= 0)
		xp_close(target);
}

int xp_calltest(void)
{
	struct calltest test = { .err = 0 };

	xp_run_in_worker(&test.work, xp_calltest_work);
	return test.err;
}
