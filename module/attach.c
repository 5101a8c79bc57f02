// SPDX-License-Identifier: GPL-2.0-only
/*
 * When the hooks on epoll's own functions are attached, and when they are detached. The
 * functions are found by their names, and what they expect is known from the kernel's source. If
 * any of them is missing or occupied, or if the test of the hooks fails, none stays hooked, and
 * instances are reached by ioctl(2) only.
 */
#include <linux/kernel.h>
#include <linux/moduleparam.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/string.h>
#include <linux/sysfs.h>

#include "attach.h"
#include "attempt.h"
#include "calltest.h"
#include "compat.h"
#include "divert.h"
#include "ftracehook.h"
#include "process.h"

/*
 * do_epoll_create() is hooked last and unhooked first, so that the other calls work on each
 * instance that it returns.
 */
static struct xp_ftrace_hook hooks[] = {
	{ "do_epoll_wait", xp_wait_trampoline },
	{ "do_epoll_ctl", xp_ctl_trampoline },
#ifdef XP_HAVE_EPOLL_KEY
	{ "do_epoll_ctl_file", xp_ctl_file_trampoline },
#endif
#ifdef XP_HAVE_SENDEVENTS
	{ "epoll_sendevents", xp_sendevents_trampoline },
#endif
	{ "do_epoll_create", xp_create_trampoline },
};

/* Its lock protects all that follows, and is nested in the lock of the module's parameters. */
static struct xp_attempt xp_hooks = XP_ATTEMPT(xp_hooks);
/* Neither still loading nor already unloading. */
static bool ready;

static const char *const policies[] = { "auto", "on", "off" };
/* Values of the parameter: indices of policies[]. */
enum { POLICY_AUTO, POLICY_ON, POLICY_OFF };
static int policy = POLICY_AUTO;

static void xp_hooks_detach(unsigned int nr)
{
	while (nr--)
		xp_ftrace_detach(&hooks[nr]);
	/* tasks in the trampolines, the deciders and the ends of calls.c */
	synchronize_rcu_tasks();
}

static int xp_hooks_attach(void)
{
	unsigned int i;
	int err;

	for (i = 0; i < ARRAY_SIZE(hooks); i++) {
		err = xp_ftrace_attach(&hooks[i]);
		if (err) {
			xp_hooks_detach(i);
			return err;
		}
	}
	err = xp_calltest();
	if (err)
		xp_hooks_detach(ARRAY_SIZE(hooks));
	return err;
}

static int xp_attach_all(void)
{
	int err;

	if (!XP_EPOLL_CALLS_KNOWN)
		return -EOPNOTSUPP;
	err = xp_process_start();
	if (err)
		return err;
	err = xp_hooks_attach();
	if (err)
		xp_process_stop();
	return err;
}

static int xp_attach_locked(void)
{
	lockdep_assert_held(&xp_hooks.lock);
	if (!ready || policy == POLICY_OFF)
		return -EOPNOTSUPP;
	return xp_attempt_make(&xp_hooks, xp_attach_all,
			       "epoll's own system calls don't take instances");
}

int xp_attach(void)
{
	int err;

	/* no task that holds the lock and does not run delays the others */
	if (xp_attached())
		return 0;
	err = xp_attempt_lock(&xp_hooks);
	if (err)
		return err;
	err = xp_attach_locked();
	mutex_unlock(&xp_hooks.lock);
	return err;
}

bool xp_attached(void)
{
	/* what xp_attach_all() set up stays while the caller holds the device open */
	return xp_attempt_done(&xp_hooks);
}

/* The kernel may read and write parameters before xp_attach_init() and after xp_attach_exit(). */
static int xp_policy_set(const char *val, const struct kernel_param *kp)
{
	int value = sysfs_match_string(policies, val), err = 0;

	if (value < 0)
		return -EINVAL;
	mutex_lock(&xp_hooks.lock);
	if (value == POLICY_OFF && xp_hooks.done) {
		err = -EBUSY;
	} else {
		policy = value;
		WRITE_ONCE(xp_hooks.not_before, 0);
		if (ready && value == POLICY_ON)
			err = xp_attach_locked();
	}
	mutex_unlock(&xp_hooks.lock);
	return err;
}

static int xp_policy_get(char *buffer, const struct kernel_param *kp)
{
	return sysfs_emit(buffer, "%s\n", policies[policy]);
}

static const struct kernel_param_ops xp_policy_ops = {
	.set = xp_policy_set,
	.get = xp_policy_get,
};

module_param_cb(epoll_calls, &xp_policy_ops, NULL, 0644);
MODULE_PARM_DESC(epoll_calls,
		 "do epoll's own system calls take instances? auto: once a process asks for it (default), on, off");

void __init xp_attach_init(void)
{
	mutex_lock(&xp_hooks.lock);
	ready = true;
	if (policy == POLICY_ON)
		xp_attach_locked(); /* logs a failure; instances work by ioctl(2) all the same */
	mutex_unlock(&xp_hooks.lock);
}

void xp_attach_exit(void)
{
	mutex_lock(&xp_hooks.lock);
	ready = false;
	if (xp_hooks.done) {
		WRITE_ONCE(xp_hooks.done, false);
		xp_hooks_detach(ARRAY_SIZE(hooks));
		xp_process_stop();
	}
	mutex_unlock(&xp_hooks.lock);
}
