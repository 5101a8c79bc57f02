// SPDX-License-Identifier: GPL-2.0-only
/*
 * When the hooks on epoll's own functions are attached, and when they are detached. The
 * functions are found by their names, and what they expect is known from the kernel's source. If
 * any of them is missing or occupied, or if the test of the hooks fails, none stays hooked, and
 * instances are reached by ioctl(2) only.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/moduleparam.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/string.h>
#include <linux/sysfs.h>

#include "attach.h"
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

/* Protects all that follows. Nested in the lock of the module's parameters. */
static DEFINE_MUTEX(xp_attach_mutex);
/* Neither still loading nor already unloading. */
static bool ready;
static bool attached; /* read without the mutex by xp_attached() */

/*
 * No attempt before this time: one failed, and the parameter has not been written since. The user
 * of an occupied function may go away, so a later opt-in tries again. But an attempt patches the
 * kernel's text on all processors, and everybody may opt in.
 */
static ktime_t not_before;
#define XP_RETRY_INTERVAL (10 * NSEC_PER_SEC)

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
	int err;

	lockdep_assert_held(&xp_attach_mutex);
	if (attached)
		return 0;
	if (!ready || policy == POLICY_OFF || ktime_get() < not_before)
		return -EOPNOTSUPP;
	err = xp_attach_all();
	if (err) {
		pr_notice("epoll's own system calls don't take instances: %d\n", err);
		if (err == -ENOMEM)
			return err;
		/* all but an occupied function will be the same next time */
		WRITE_ONCE(not_before, err == -EBUSY ? ktime_get() + XP_RETRY_INTERVAL : KTIME_MAX);
		return -EOPNOTSUPP;
	}
	/* pairs with xp_attached() */
	smp_store_release(&attached, true);
	return 0;
}

int xp_attach(void)
{
	int err;

	/* no task that holds the mutex and does not run delays the others */
	if (xp_attached())
		return 0;
	/* after a failure a task does not wait for the attempt of another one */
	if (READ_ONCE(not_before)) {
		if (!mutex_trylock(&xp_attach_mutex))
			return -EOPNOTSUPP;
	} else {
		err = mutex_lock_killable(&xp_attach_mutex);
		if (err)
			return err;
	}
	err = xp_attach_locked();
	mutex_unlock(&xp_attach_mutex);
	return err;
}

bool xp_attached(void)
{
	/* what xp_attach_all() set up is there, and stays while the caller holds the device open */
	return smp_load_acquire(&attached);
}

/* The kernel may read and write parameters before xp_attach_init() and after xp_attach_exit(). */
static int xp_policy_set(const char *val, const struct kernel_param *kp)
{
	int value = sysfs_match_string(policies, val), err = 0;

	if (value < 0)
		return -EINVAL;
	mutex_lock(&xp_attach_mutex);
	if (value == POLICY_OFF && attached) {
		err = -EBUSY;
	} else {
		policy = value;
		WRITE_ONCE(not_before, 0);
		if (ready && value == POLICY_ON)
			err = xp_attach_locked();
	}
	mutex_unlock(&xp_attach_mutex);
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
	mutex_lock(&xp_attach_mutex);
	ready = true;
	if (policy == POLICY_ON)
		xp_attach_locked(); /* logs a failure; instances work by ioctl(2) all the same */
	mutex_unlock(&xp_attach_mutex);
}

void xp_attach_exit(void)
{
	mutex_lock(&xp_attach_mutex);
	ready = false;
	if (attached) {
		WRITE_ONCE(attached, false);
		xp_hooks_detach(ARRAY_SIZE(hooks));
		xp_process_stop();
	}
	mutex_unlock(&xp_attach_mutex);
}
