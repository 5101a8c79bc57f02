// SPDX-License-Identifier: GPL-2.0-only
/*
 * ENTER: changes, then a wait. All arguments are checked before the first change, and the results
 * of the changes are stored in user space before the wait.
 */
#include <linux/bitfield.h>
#include <linux/uaccess.h>

#include <linux/xpoll.h>

#include "changes.h"
#include "compat.h"
#include "deadline.h"
#include "enter.h"
#include "extended.h"
#include "minimum.h"
#include "ring.h"
#include "sigmask.h"
#include "trace.h"
#include "wait.h"

/*
 * A restarted call has the same arguments. So it must have no changes, which would be made twice,
 * and no relative time, which would start anew.
 */
static bool xp_enter_may_restart(const struct xpoll_enter *args)
{
	return !args->nchanges && !args->min_wait_ns &&
	       (args->timeout_ns <= 0 || (args->flags & XPOLL_ENTER_ABSTIME));
}

static size_t xp_enter_event_size(const struct xpoll_enter *args)
{
	return args->flags & XPOLL_ENTER_EXTENDED ? sizeof(struct xpoll_event) :
						    sizeof(struct epoll_event);
}

/* Read the signal mask into @mask, too. The order of the checks is part of the ABI. */
static int xp_enter_check(const struct eventpoll *ep, const struct xpoll_enter *args,
			  sigset_t *mask)
{
	u32 most = args->maxevents;
	int err;

	if (args->flags & ~(XPOLL_ENTER_ABSTIME | XPOLL_ENTER_STOP | XPOLL_ENTER_RING |
			    XPOLL_ENTER_RESTART | XPOLL_ENTER_EXTENDED) ||
	    args->reserved[0] || args->reserved[1] ||
	    (args->batch && !(args->flags & XPOLL_ENTER_EXTENDED)) ||
	    args->worker > XPOLL_WORKERS_MAX)
		return -EINVAL;
	if (unlikely(args->flags & XPOLL_ENTER_RESTART) && !xp_enter_may_restart(args))
		return -EINVAL;
	err = xp_sigmask_get(mask, args->sigmask, args->sigsetsize);
	if (err)
		return err;
	if (unlikely(args->flags & XPOLL_ENTER_RING)) {
		if (!ep->ring || args->maxevents)
			return -EINVAL;
		most = ep->ring->nr;
	}
	if (unlikely(args->flags & XPOLL_ENTER_EXTENDED) && ep->ring)
		return -EINVAL;
	if (args->maxevents < 0 || args->maxevents > EP_MAX_EVENTS || args->minevents > most)
		return -EINVAL;
	if (!access_ok(u64_to_user_ptr(args->events), args->maxevents * xp_enter_event_size(args)))
		return -EFAULT;
	if (args->nchanges > XPOLL_CHANGES_MAX)
		return -EINVAL;
	if (!access_ok(u64_to_user_ptr(args->changes),
		       args->nchanges * sizeof(struct xpoll_change)))
		return -EFAULT;
	return 0;
}

/*
 * Wait, after @got events of the changes: 0 if the caller wants more than one. Return: the
 * number of all events, or -errno.
 */
static long xp_enter_wait(struct eventpoll *ep, const struct xpoll_enter *args, long got,
			  bool stopped)
{
	struct epoll_event __user *uevents = u64_to_user_ptr(args->events);
	u32 flags = (args->flags & XPOLL_ENTER_ABSTIME) | FIELD_PREP(XP_WAIT_WORKER, args->worker);
	const struct ep_minimum minimum = {
		.events = args->minevents,
		.wait_ns = args->min_wait_ns,
	};
	s64 timeout_ns = args->timeout_ns;
	int room = args->maxevents - got;
	long n;

	if (!room && !(args->flags & XPOLL_ENTER_RING))
		return got;
	if (stopped || got)
		timeout_ns = 0;
	uevents += got;
	if (timeout_ns && minimum.events > 1)
		n = xp_minimum_wait(ep, uevents, NULL, room, timeout_ns, flags, &minimum);
	else
		n = xp_wait_untraced(ep, uevents, room, timeout_ns, flags);
	if (n < 0)
		return got ?: n;
	return got + n;
}

/* As xp_enter_wait(). The changes have no events. */
static noinline long xp_enter_wait_extended(struct eventpoll *ep, const struct xpoll_enter *args,
					    struct xpoll_enter __user *uargs, bool stopped)
{
	const u32 flags = (args->flags & XPOLL_ENTER_ABSTIME) |
			  FIELD_PREP(XP_WAIT_WORKER, args->worker);
	const struct ep_minimum minimum = {
		.events = args->minevents,
		.wait_ns = args->min_wait_ns,
	};
	const struct ep_extended extended = {
		.events = u64_to_user_ptr(args->events),
		.batch = &uargs->batch,
		.offset_ns = xp_time_offset(),
	};
	s64 timeout_ns = stopped ? 0 : args->timeout_ns;

	if (timeout_ns && minimum.events > 1)
		return xp_minimum_wait(ep, NULL, &extended, args->maxevents, timeout_ns, flags,
				       &minimum);
	return xp_wait_extended(ep, &extended, args->maxevents, timeout_ns, flags);
}

static long xp_enter_wait_traced(struct eventpoll *ep, const struct xpoll_enter *args,
				 struct xpoll_enter __user *uargs, long got, bool stopped)
{
	long n;

	trace_xpoll_wait_enter(ep, args->maxevents, args->timeout_ns,
			       args->flags & XPOLL_ENTER_ABSTIME);
	n = unlikely(args->flags & XPOLL_ENTER_EXTENDED) ?
		    xp_enter_wait_extended(ep, args, uargs, stopped) :
		    xp_enter_wait(ep, args, got, stopped);
	trace_xpoll_wait_return(ep, n);
	return n;
}

long xp_enter(struct file *epfile, struct xpoll_enter __user *uargs)
{
	struct xpoll_enter args XP_UNINITIALIZED;
	sigset_t mask;
	bool stopped;
	long n;

	if (copy_from_user(&args, uargs, sizeof(args)))
		return -EFAULT;
	n = xp_enter_check(epfile->private_data, &args, &mask);
	if (n)
		return n;
	n = xp_changes_make(epfile, &args, uargs, &stopped);
	if (n < 0 || !(args.maxevents || args.flags & XPOLL_ENTER_RING))
		return n;
	if (args.sigmask)
		xp_sigmask_set(&mask);
	n = xp_enter_wait_traced(epfile->private_data, &args, uargs, n, stopped);
	xp_sigmask_restore(n == -EINTR);
	/* the kernel makes it EINTR if a handler runs, as for ppoll(2) */
	if (n == -EINTR && (args.flags & XPOLL_ENTER_RESTART))
		return -ERESTARTNOHAND;
	return n;
}
