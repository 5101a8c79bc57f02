// SPDX-License-Identifier: GPL-2.0-only
/*
 * WAIT: deliver what is ready, else sleep until something is, the timeout expires or
 * a signal arrives. From the inside out: the sleep, the loop around it, the conversion of
 * the ioctl's argument.
 *
 * xp_wait_get() reads the argument field by field, which saves 44 guest instructions on
 * 6.1 for each wait against copy_from_user(). Functions that need a stack frame are out
 * of line, so that xp_wait() itself needs none and keeps the argument in registers. A
 * wait with timeout 0 calls the scan as a tail call, which saves it 25.
 */
#include <linux/bitfield.h>
#include <linux/file.h>
#include <linux/hrtimer.h>
#include <linux/ktime.h>
#include <linux/rcupdate.h>
#include <linux/sched/signal.h>
#include <linux/time.h>
#include <linux/uaccess.h>

#include <linux/xpoll.h>

#include "busypoll.h"
#include "calls.h"
#include "choose.h"
#include "deadline.h"
#include "decide.h"
#include "ring.h"
#include "ringscan.h"
#include "scan.h"
#include "sigmask.h"
#include "trace.h"
#include "wait.h"
#include "wake.h"

#define XP_WAIT_USER_FLAGS (XPOLL_WAIT_ABSTIME | XPOLL_WAIT_TIMESPEC)

/* Internal flag: the caller reports the return of this wait to tracers. */
#define XP_WAIT_TRACED BIT(31)
static_assert(!(XP_WAIT_USER_FLAGS & (XP_WAIT_TRACED | XP_WAIT_HOST_TIME | XP_WAIT_WORKER)));
static_assert(XP_WAIT_WORKER >> 8 >= XPOLL_WORKERS_MAX);

/*
 * Wake the task and remove its entry from the queue, even if the task is awake already. A
 * task whose entry was removed looks for events, and the next event wakes the next task.
 */
static int xp_waiter_wake(wait_queue_entry_t *wait, unsigned int mode, int sync, void *key)
{
	int woken = default_wake_function(wait, mode, sync, key);

	list_del_init_careful(&wait->entry);
	return woken;
}

/*
 * Native epoll wakes the task that came last, a policy the one that came first. @again:
 * the task was woken and found nothing, so it is the next again.
 */
static void xp_waiter_queue(struct eventpoll *ep, struct ep_waiter *waiter, bool again)
{
	lockdep_assert_held(&ep->wq.lock);
	if (again || xp_wake_is_native(ep->wake))
		__add_wait_queue(&ep->wq, &waiter->wait);
	else
		__add_wait_queue_entry_tail(&ep->wq, &waiter->wait);
}

/* @ring: whether the instance has a ready ring; a constant here and in the functions below */
static __always_inline bool xp_is_ready_locked(const struct eventpoll *ep, bool ring)
{
	return ring ? xp_ring_ready_locked(ep) : xp_ready_locked(ep);
}

/*
 * Sleep unless something is ready. The task checks for ready items and queues itself in
 * one critical section of wq.lock, which the callback also takes. So no event is missed
 * in between.
 *
 * Return: true if the caller should look for events, even if the timeout expired or a
 * signal arrived: something is ready, or this task took a wake-up, which it must use.
 */
static __always_inline bool xp_sleep(struct eventpoll *ep, struct deadline *end, u32 worker,
				     bool again, bool ring)
{
	struct ep_waiter waiter = { .worker = worker };
	bool ready;

	init_waitqueue_func_entry(&waiter.wait, xp_waiter_wake);
	waiter.wait.private = current;
	waiter.wait.flags = WQ_FLAG_EXCLUSIVE;

	spin_lock_irq(&ep->wq.lock);
	__set_current_state(TASK_INTERRUPTIBLE);
	ready = xp_is_ready_locked(ep, ring);
	if (!ready)
		xp_waiter_queue(ep, &waiter, again);
	spin_unlock_irq(&ep->wq.lock);

	if (!ready)
		end->past = !schedule_hrtimeout_range(end->never ? NULL : &end->expires,
						      end->slack, HRTIMER_MODE_ABS);
	__set_current_state(TASK_RUNNING);
	if (ready || list_empty_careful(&waiter.wait.entry))
		return true;

	spin_lock_irq(&ep->wq.lock);
	ready = list_empty(&waiter.wait.entry) || xp_is_ready_locked(ep, ring);
	__remove_wait_queue(&ep->wq, &waiter.wait);
	spin_unlock_irq(&ep->wq.lock);
	return ready;
}

/*
 * The sleep loop. @extended: where extended events go, in place of @uevents; or the constant NULL.
 * Return: the number of events, 0 if the timeout expired, or -errno.
 */
static __always_inline long xp_sleep_until_ready(struct eventpoll *ep,
						 struct epoll_event __user *uevents, int maxevents,
						 s64 timeout_ns, u32 flags, bool ring,
						 const struct ep_extended *extended)
{
	struct deadline end;
	bool again = false, busy;
	long n = 0;

	xp_deadline_set(&end, timeout_ns, flags);
	/* the timeout expired during the first scan: on native epoll a signal counts then */
	if (end.past && (flags & XP_WAIT_HOST_TIME) && signal_pending(current))
		return -EINTR;
	busy = xp_busy_usecs(ep);
	while (!n && !end.past) {
		if (signal_pending(current))
			return -EINTR;
		if (unlikely(busy))
			xp_busy_poll(ep, &end);
		if (!xp_sleep(ep, &end, FIELD_GET(XP_WAIT_WORKER, flags), again, ring))
			continue;
		again = true;
		if (unlikely(busy))
			xp_busy_learn(ep);
		if (ring)
			n = xp_ring_deliver(ep, uevents, maxevents);
		else if (xp_ready(ep))
			n = extended ? xp_scan_deliver_extended(ep, extended, maxevents) :
				       xp_scan_deliver(ep, uevents, maxevents);
		/* xp_sleep() does not see that the timeout expired if it did not sleep */
		if (!n && !end.never && ktime_get() >= end.expires)
			end.past = true;
		/*
		 * A hostile user can make an empty instance look ready again and again. Such a task
		 * does not sleep, and synchronize_rcu_tasks() waits for it.
		 */
		if (!n)
			cond_resched_tasks_rcu_qs();
	}
	return n;
}

/* Sleep. A tracer that attaches while the task sleeps sees the return of the wait. */
static noinline long xp_wait_asleep(struct eventpoll *ep, struct epoll_event __user *uevents,
				    int maxevents, s64 timeout_ns, u32 flags)
{
	long n = xp_sleep_until_ready(ep, uevents, maxevents, timeout_ns, flags, false, NULL);

	if (!(flags & XP_WAIT_TRACED))
		trace_xpoll_wait_return(ep, n);
	return n;
}

/* A relative timeout starts before the scan, which may have to wait for another task's. */
static __always_inline s64 xp_timeout_start(s64 timeout_ns, u32 *flags)
{
	if (timeout_ns <= 0 || (*flags & XPOLL_WAIT_ABSTIME))
		return timeout_ns;
	*flags |= XP_WAIT_HOST_TIME;
	return ktime_add_safe(ktime_get(), timeout_ns);
}

/* A wait on an instance with a ready ring. @maxevents: 0 if the events stay in the ring. */
static noinline long xp_wait_ring(struct eventpoll *ep, struct epoll_event __user *uevents,
				  int maxevents, s64 timeout_ns, u32 flags)
{
	long n;

	timeout_ns = xp_timeout_start(timeout_ns, &flags);
	n = xp_ring_deliver(ep, uevents, maxevents);
	if (n || !timeout_ns)
		return n;
	n = xp_sleep_until_ready(ep, uevents, maxevents, timeout_ns, flags, true, NULL);
	if (!(flags & XP_WAIT_TRACED))
		trace_xpoll_wait_return(ep, n);
	return n;
}

/*
 * Deliver what is ready; sleep if nothing is after all.
 */
static noinline long xp_wait_ready(struct eventpoll *ep, struct epoll_event __user *uevents,
				   int maxevents, s64 timeout_ns, u32 flags)
{
	long n;

	timeout_ns = xp_timeout_start(timeout_ns, &flags);
	n = xp_scan_deliver(ep, uevents, maxevents);
	if (n)
		return n;
	return xp_wait_asleep(ep, uevents, maxevents, timeout_ns, flags);
}

/*
 * Return: the number of events, 0 if there were none before the timeout expired, or
 * -errno.
 */
static inline long xp_wait_events(struct eventpoll *ep, struct epoll_event __user *uevents,
				  int maxevents, s64 timeout_ns, u32 flags)
{
	bool ready;

	if (unlikely(ep->ring))
		return xp_wait_ring(ep, uevents, maxevents, timeout_ns, flags);
	ready = xp_ready(ep);
	if (!timeout_ns)
		return ready ? xp_scan_deliver(ep, uevents, maxevents) : 0;
	if (ready)
		return xp_wait_ready(ep, uevents, maxevents, timeout_ns, flags);
	return xp_wait_asleep(ep, uevents, maxevents, timeout_ns, flags);
}

long xp_wait_untraced(struct eventpoll *ep, struct epoll_event __user *uevents, int maxevents,
		      s64 timeout_ns, u32 flags)
{
	return xp_wait_events(ep, uevents, maxevents, timeout_ns, flags | XP_WAIT_TRACED);
}

long xp_wait_extended(struct eventpoll *ep, const struct ep_extended *extended, int maxevents,
		      s64 timeout_ns, u32 flags)
{
	long n = 0;

	timeout_ns = xp_timeout_start(timeout_ns, &flags);
	if (xp_ready(ep))
		n = xp_scan_deliver_extended(ep, extended, maxevents);
	if (n || !timeout_ns)
		return n;
	return xp_sleep_until_ready(ep, NULL, maxevents, timeout_ns, flags, false, extended);
}

static noinline long xp_wait_traced(struct eventpoll *ep, struct epoll_event __user *uevents,
				    int maxevents, s64 timeout_ns, u32 flags)
{
	long n;

	trace_xpoll_wait_enter(ep, maxevents, timeout_ns, flags & XP_WAIT_USER_FLAGS);
	n = xp_wait_events(ep, uevents, maxevents, timeout_ns, flags | XP_WAIT_TRACED);
	trace_xpoll_wait_return(ep, n);
	return n;
}

static __always_inline long xp_wait_checked(struct eventpoll *ep, u64 events, int maxevents,
					    s64 timeout_ns, u32 flags)
{
	struct epoll_event __user *uevents = u64_to_user_ptr(events);

	if (maxevents <= 0 || maxevents > EP_MAX_EVENTS)
		return -EINVAL;
	/* the size in 32 bits, so that the compiler sees that it fits into the address space */
	if (!access_ok(uevents, (u32)maxevents * (u32)sizeof(*uevents)))
		return -EFAULT;
	if (trace_xpoll_wait_enter_enabled() || trace_xpoll_wait_return_enabled())
		return xp_wait_traced(ep, uevents, maxevents, timeout_ns, flags);
	return xp_wait_events(ep, uevents, maxevents, timeout_ns, flags);
}

/* @end: absolute time of the host's clock, {0, 0} for no wait, NULL for one without limit */
static __always_inline long xp_wait_until(const struct file *file,
					  struct epoll_event __user *uevents, int maxevents,
					  const struct timespec64 *end)
{
	s64 end_ns = -1;

	if (end)
		end_ns = end->tv_sec ? timespec64_to_ktime(*end) : end->tv_nsec;
	return xp_wait_checked(file->private_data, (unsigned long)uevents, maxevents, end_ns,
			       XPOLL_WAIT_ABSTIME | XP_WAIT_HOST_TIME);
}

static noinline long xp_wait_counted(struct file *file, struct epoll_event __user *uevents,
				     int maxevents, const struct timespec64 *end)
{
	long n = xp_wait_until(file, uevents, maxevents, end);

	fput(file);
	return n;
}

asmlinkage __visible long xp_do_epoll_wait(int epfd, struct epoll_event __user *uevents,
					   int maxevents, struct timespec64 *end,
					   unsigned long instance)
{
	struct file *file = xp_decided_file(instance);

	if (instance & EP_FILE_COUNTED)
		return xp_wait_counted(file, uevents, maxevents, end);
	return xp_wait_until(file, uevents, maxevents, end);
}

#ifdef XP_HAVE_SENDEVENTS
asmlinkage __visible int xp_epoll_sendevents(struct file *file, struct epoll_event __user *uevents,
					     int maxevents)
{
	return xp_wait_checked(file->private_data, (unsigned long)uevents, maxevents, 0, 0);
}
#endif

/* If the timeout is a timespec's address, replace it by the timespec's nanoseconds. */
static int xp_timespec_apply(struct xpoll_wait *args)
{
	struct timespec64 timeout;

	if (!(args->flags & XPOLL_WAIT_TIMESPEC))
		return 0;
	if (!args->timeout_ns) {
		args->timeout_ns = -1;
		return 0;
	}
	if (get_timespec64(&timeout, u64_to_user_ptr((u64)args->timeout_ns)))
		return -EFAULT;
	if (!timespec64_valid(&timeout))
		return -EINVAL;
	args->timeout_ns = timespec64_to_ns(&timeout);
	return 0;
}

/* A wait with a timespec, a signal mask or a worker's number. */
static noinline long xp_wait_converted(struct eventpoll *ep, u64 events, s64 timeout_ns,
				       u64 sigmask, int maxevents, u32 flags, u32 sigsetsize,
				       u32 worker)
{
	struct xpoll_wait args = {
		.timeout_ns = timeout_ns,
		.flags = flags,
	};
	sigset_t mask;
	long n;

	if (worker > XPOLL_WORKERS_MAX)
		return -EINVAL;
	n = xp_timespec_apply(&args);
	if (n)
		return n;
	n = xp_sigmask_get(&mask, sigmask, sigsetsize);
	if (n)
		return n;
	if (sigmask)
		xp_sigmask_set(&mask);
	n = xp_wait_checked(ep, events, maxevents, args.timeout_ns,
			    flags | FIELD_PREP(XP_WAIT_WORKER, worker));
	xp_sigmask_restore(n == -EINTR);
	return n;
}

static int xp_wait_get(struct xpoll_wait *args, const struct xpoll_wait __user *from)
{
	if (!user_read_access_begin(from, sizeof(*from)))
		return -EFAULT;
	unsafe_get_user(args->events, &from->events, fault);
	unsafe_get_user(args->timeout_ns, &from->timeout_ns, fault);
	unsafe_get_user(args->sigmask, &from->sigmask, fault);
	unsafe_get_user(args->maxevents, &from->maxevents, fault);
	unsafe_get_user(args->flags, &from->flags, fault);
	unsafe_get_user(args->sigsetsize, &from->sigsetsize, fault);
	unsafe_get_user(args->worker, &from->worker, fault);
	user_read_access_end();
	return 0;
fault:
	user_read_access_end();
	return -EFAULT;
}

long xp_wait(struct eventpoll *ep, void __user *argp)
{
	struct xpoll_wait args;

	if (xp_wait_get(&args, argp))
		return -EFAULT;
	if (args.flags & ~XP_WAIT_USER_FLAGS)
		return -EINVAL;
	if (args.sigmask || args.worker || (args.flags & XPOLL_WAIT_TIMESPEC))
		return xp_wait_converted(ep, args.events, args.timeout_ns, args.sigmask,
					 args.maxevents, args.flags, args.sigsetsize,
					 args.worker);
	return xp_wait_checked(ep, args.events, args.maxevents, args.timeout_ns, args.flags);
}
