// SPDX-License-Identifier: GPL-2.0-only
/*
 * WAIT: deliver what is ready, else sleep until something is, the time is over or
 * a signal comes.
 */
#include <linux/hrtimer.h>
#include <linux/ktime.h>
#include <linux/overflow.h>
#include <linux/sched/rt.h>
#include <linux/sched/signal.h>
#include <linux/time.h>
#include <linux/time_namespace.h>
#include <linux/uaccess.h>

#include <linux/xpoll.h>

#include "callback.h"
#include "deliver.h"
#include "scan.h"
#include "trace.h"
#include "wait.h"

/* When a wait ends. */
struct deadline {
	ktime_t expires;
	u64 slack;
	bool never;
	bool past;
};

/*
 * How late a sleeper may be woken, to save wake-ups: a thousandth of the time (a
 * two-hundredth for a nice task), at most 100 ms, at least the task's own slack;
 * not at all if it has none, as a real-time task. The rule of select(2), poll(2)
 * and epoll_wait(2).
 */
static u64 xp_slack(u64 span_ns)
{
	u64 own = current->timer_slack_ns;
	u64 estimate = div_u64(span_ns, task_nice(current) > 0 ? 200 : 1000);

	if (!own || rt_task(current))
		return 0;
	return max(own, min_t(u64, estimate, 100 * NSEC_PER_MSEC));
}

/*
 * Convert an absolute timeout from the caller's time namespace to the host's clock, the
 * only one that hrtimers know. A negative result is in the past; one beyond KTIME_MAX
 * never expires.
 */
static ktime_t xp_time_of_host(s64 time_ns)
{
	struct timespec64 offset = {};
	s64 host_ns;

	timens_add_monotonic(&offset);
	if (check_sub_overflow(time_ns, (s64)timespec64_to_ns(&offset), &host_ns))
		return KTIME_MAX; /* only a negative offset overflows: @time_ns is not negative */
	return host_ns;
}

static void xp_deadline_set(struct deadline *end, s64 timeout_ns, bool absolute)
{
	ktime_t now;

	*end = (struct deadline) { .never = timeout_ns < 0 };
	if (end->never)
		return;
	now = ktime_get();
	end->expires = absolute ? xp_time_of_host(timeout_ns) : ktime_add_safe(now, timeout_ns);
	if (end->expires <= now)
		end->past = true;
	else
		end->slack = xp_slack(end->expires - now);
}

/*
 * Wake the task and leave the queue, whether it needed waking or not: it will look
 * for events because its entry is gone, and the next event must wake the next task.
 */
static int xp_waiter_wake(wait_queue_entry_t *wait, unsigned int mode, int sync, void *key)
{
	int woken = default_wake_function(wait, mode, sync, key);

	list_del_init_careful(&wait->entry);
	return woken;
}

/*
 * Sleep unless something is ready. That nothing is and that the task is in the queue
 * become true under one lock, which the callback takes as well.
 *
 * Return: true if it is worth looking for events: something is ready, even if the time
 * is over or a signal came, or a wake-up was meant for this task and has to be used.
 */
static bool xp_sleep(struct eventpoll *ep, struct deadline *end)
{
	wait_queue_entry_t wait;
	bool ready;

	init_waitqueue_func_entry(&wait, xp_waiter_wake);
	wait.private = current;
	wait.flags = WQ_FLAG_EXCLUSIVE;

	spin_lock_irq(&ep->wq.lock);
	__set_current_state(TASK_INTERRUPTIBLE);
	ready = xp_ready_locked(ep);
	if (!ready)
		__add_wait_queue(&ep->wq, &wait);
	spin_unlock_irq(&ep->wq.lock);

	if (!ready)
		end->past = !schedule_hrtimeout_range(end->never ? NULL : &end->expires,
						      end->slack, HRTIMER_MODE_ABS);
	__set_current_state(TASK_RUNNING);
	if (ready || list_empty_careful(&wait.entry))
		return true;

	spin_lock_irq(&ep->wq.lock);
	ready = list_empty(&wait.entry) || xp_ready_locked(ep);
	__remove_wait_queue(&ep->wq, &wait);
	spin_unlock_irq(&ep->wq.lock);
	return ready;
}

/* Flags of a wait that user space does not know: xp_wait_unready(), xp_wait_traced(). */
#define XP_WAIT_LOOKED BIT(31)
#define XP_WAIT_TRACED BIT(30)
#define XP_WAIT_USER_FLAGS (XPOLL_WAIT_ABSTIME | XPOLL_WAIT_TIMESPEC)
static_assert(!(XP_WAIT_USER_FLAGS & (XP_WAIT_LOOKED | XP_WAIT_TRACED)));

static long xp_wait_ready(struct eventpoll *ep, struct epoll_event __user *uevents, int maxevents,
			  s64 timeout_ns, u32 flags);
static long xp_wait_asleep(struct eventpoll *ep, struct epoll_event __user *uevents, int maxevents,
			   s64 timeout_ns, u32 flags);

/* Return: the number of events, 0 if there were none until the time was over, or -errno. */
static __always_inline long xp_wait_events(struct eventpoll *ep,
					   struct epoll_event __user *uevents, int maxevents,
					   s64 timeout_ns, u32 flags)
{
	if (xp_ready(ep))
		return xp_wait_ready(ep, uevents, maxevents, timeout_ns, flags);
	if (!timeout_ns)
		return 0;
	return xp_wait_asleep(ep, uevents, maxevents, timeout_ns, flags);
}

/* A task that was woken for an event and can't take it wakes another. */
static noinline long xp_pass_on(struct eventpoll *ep)
{
	spin_lock_irq(&ep->wq.lock);
	if (xp_ready_locked(ep))
		xp_wake_waiter(ep, false);
	spin_unlock_irq(&ep->wq.lock);
	return -EINTR;
}

/*
 * Out of line: who finds events does not pay for what sleeping needs on the stack. Tells
 * of its return by itself, for a tracer that comes while it sleeps.
 */
static noinline long xp_wait_asleep(struct eventpoll *ep, struct epoll_event __user *uevents,
				    int maxevents, s64 timeout_ns, u32 flags)
{
	struct deadline end;
	long n = 0;

	xp_deadline_set(&end, timeout_ns, flags & XPOLL_WAIT_ABSTIME);
	while (!n && !end.past) {
		if (signal_pending(current)) {
			n = -EINTR;
			break;
		}
		if (!xp_sleep(ep, &end))
			continue;
		n = xp_wait_events(ep, uevents, maxevents, 0, 0);
		/* it may not have slept at all, and so not seen that the time is over */
		if (!n && !end.never && ktime_get() >= end.expires)
			end.past = true;
	}
	if (!(flags & XP_WAIT_TRACED))
		trace_xpoll_wait_return(ep, n);
	return n;
}

/*
 * A scan found that its items are ready no more. Others may have become so behind its
 * back: then look again, for there was no instant at which nothing was. But once:
 * somebody may see to it that this is so for ever.
 */
static noinline long xp_wait_unready(struct eventpoll *ep, struct epoll_event __user *uevents,
				     int maxevents, s64 timeout_ns, u32 flags)
{
	if (!(flags & XP_WAIT_LOOKED) && xp_ready(ep))
		return xp_wait_ready(ep, uevents, maxevents, timeout_ns, flags | XP_WAIT_LOOKED);
	if (!timeout_ns)
		return 0;
	return xp_wait_asleep(ep, uevents, maxevents, timeout_ns, flags);
}

/*
 * Deliver what is ready. If nothing is after all, it goes on by itself: xp_wait() has
 * nothing to do afterwards, and need not keep a frame on the stack.
 */
static noinline long xp_wait_ready(struct eventpoll *ep, struct epoll_event __user *uevents,
				   int maxevents, s64 timeout_ns, u32 flags)
{
	long n;

	/* a task that is being killed must not go on harvesting for ever */
	if (fatal_signal_pending(current))
		return xp_pass_on(ep);
	n = xp_scan_deliver(ep, uevents, maxevents);
	if (likely(n))
		return n;
	return xp_wait_unready(ep, uevents, maxevents, timeout_ns, flags);
}

static noinline long xp_wait_traced(struct eventpoll *ep, struct epoll_event __user *uevents,
				    int maxevents, s64 timeout_ns, u32 flags)
{
	long n;

	trace_xpoll_wait_enter(ep, maxevents, timeout_ns, flags);
	n = xp_wait_events(ep, uevents, maxevents, timeout_ns, flags | XP_WAIT_TRACED);
	trace_xpoll_wait_return(ep, n);
	return n;
}

/* Block @mask while waiting, if there is one. What set_user_sigmask() would do. */
static int xp_sigmask_apply(const struct xpoll_wait *args)
{
	sigset_t mask;

	if (!args->sigmask)
		return 0;
	if (args->sigsetsize != sizeof(mask))
		return -EINVAL;
	if (copy_from_user(&mask, u64_to_user_ptr(args->sigmask), sizeof(mask)))
		return -EFAULT;
	sigdelsetmask(&mask, sigmask(SIGKILL) | sigmask(SIGSTOP));
	set_restore_sigmask();
	sigprocmask(SIG_SETMASK, &mask, &current->saved_sigmask);
	return 0;
}

/*
 * After a signal the way back to user space restores the mask, once the handler has
 * run with the one that was asked for.
 */
static void xp_sigmask_restore(bool interrupted)
{
	if (!interrupted && test_and_clear_restore_sigmask())
		sigprocmask(SIG_SETMASK, &current->saved_sigmask, NULL);
}

static __always_inline long xp_wait_checked(struct eventpoll *ep, u64 events, int maxevents,
					    s64 timeout_ns, u32 flags)
{
	struct epoll_event __user *uevents = u64_to_user_ptr(events);

	if (maxevents <= 0 || maxevents > EP_MAX_EVENTS)
		return -EINVAL;
	if (!access_ok(uevents, maxevents * sizeof(*uevents)))
		return -EFAULT;
	if (trace_xpoll_wait_enter_enabled() || trace_xpoll_wait_return_enabled())
		return xp_wait_traced(ep, uevents, maxevents, timeout_ns, flags);
	return xp_wait_events(ep, uevents, maxevents, timeout_ns, flags);
}

/* Put into @args the nanoseconds of the timespec that it points to. */
static int xp_timespec_apply(struct xpoll_wait *args)
{
	struct timespec64 timeout;

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

/* A wait with a timespec, a signal mask or both. Value by value: see xp_wait(). */
static noinline long xp_wait_converted(struct eventpoll *ep, u64 events, s64 timeout_ns,
				       u64 sigmask, int maxevents, u32 flags, u32 sigsetsize)
{
	struct xpoll_wait args = {
		.events = events,
		.timeout_ns = timeout_ns,
		.sigmask = sigmask,
		.maxevents = maxevents,
		.flags = flags,
		.sigsetsize = sigsetsize,
	};
	int n = flags & XPOLL_WAIT_TIMESPEC ? xp_timespec_apply(&args) : 0;

	if (n)
		return n;
	n = xp_sigmask_apply(&args);
	if (n)
		return n;
	n = xp_wait_checked(ep, events, maxevents, args.timeout_ns, flags);
	xp_sigmask_restore(n == -EINTR);
	return n;
}

/* Field by field: a call of copy_from_user() costs more than these few. */
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
	unsafe_get_user(args->reserved, &from->reserved, fault);
	user_read_access_end();
	return 0;
fault:
	user_read_access_end();
	return -EFAULT;
}

/* Nobody is given the address of @args, so that it need not be in memory, nor be cleared there. */
long xp_wait(struct eventpoll *ep, void __user *argp)
{
	struct xpoll_wait args;

	if (xp_wait_get(&args, argp))
		return -EFAULT;
	if ((args.flags & ~XP_WAIT_USER_FLAGS) || args.reserved)
		return -EINVAL;
	if (unlikely(args.sigmask || (args.flags & XPOLL_WAIT_TIMESPEC)))
		return xp_wait_converted(ep, args.events, args.timeout_ns, args.sigmask,
					 args.maxevents, args.flags, args.sigsetsize);
	return xp_wait_checked(ep, args.events, args.maxevents, args.timeout_ns, args.flags);
}
