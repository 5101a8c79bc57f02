/* SPDX-License-Identifier: GPL-2.0-only */
/* When a timeout expires. */
#ifndef XPOLL_DEADLINE_H
#define XPOLL_DEADLINE_H

#include <linux/bits.h>
#include <linux/ktime.h>
#include <linux/overflow.h>
#include <linux/sched.h>
#include <linux/sched/rt.h>
#include <linux/time.h>
#include <linux/time_namespace.h>

#include <linux/xpoll.h>

/* A flag besides XPOLL_WAIT_ABSTIME: the timeout is an absolute time of the host's clock. */
#define XP_WAIT_HOST_TIME BIT(30)

/*
 * When the timeout expires: never, or at @expires to @slack ns later. @past: it has
 * expired.
 */
struct deadline {
	ktime_t expires;
	u64 slack;
	bool never;
	bool past;
};

/*
 * How late a sleeper may be woken, to save wake-ups: 0.1 % of the timeout (0.5 % for a
 * nice task), at most 100 ms, at least the task's own slack. A task without slack, such
 * as a real-time task, is woken on time. This is the rule of select(2), poll(2) and
 * epoll_wait(2).
 */
static inline u64 xp_slack(u64 timeout_ns)
{
	u64 own = current->timer_slack_ns;
	u64 estimate = div_u64(timeout_ns, task_nice(current) > 0 ? 200 : 1000);

	if (!own || rt_task(current))
		return 0;
	return max(own, min_t(u64, estimate, 100 * NSEC_PER_MSEC));
}

/* Return: ns by which CLOCK_MONOTONIC of the caller's time namespace is ahead of the host's. */
static inline s64 xp_time_offset(void)
{
	struct timespec64 offset = {};

	timens_add_monotonic(&offset);
	return timespec64_to_ns(&offset);
}

/*
 * Convert an absolute timeout from the caller's time namespace to the host's clock, the
 * only one that hrtimers know. A negative result is in the past; one beyond KTIME_MAX
 * never expires.
 */
static inline ktime_t xp_time_of_host(s64 time_ns)
{
	s64 host_ns;

	if (check_sub_overflow(time_ns, xp_time_offset(), &host_ns))
		return KTIME_MAX; /* only a negative offset overflows: @time_ns is not negative */
	return host_ns;
}

static inline void xp_deadline_set(struct deadline *end, s64 timeout_ns, u32 flags)
{
	ktime_t now;

	*end = (struct deadline) { .never = timeout_ns < 0 };
	if (end->never)
		return;
	now = ktime_get();
	if (flags & XP_WAIT_HOST_TIME)
		end->expires = timeout_ns;
	else if (flags & XPOLL_WAIT_ABSTIME)
		end->expires = xp_time_of_host(timeout_ns);
	else
		end->expires = ktime_add_safe(now, timeout_ns);
	if (end->expires <= now)
		end->past = true;
	else
		end->slack = xp_slack(end->expires - now);
}

#endif /* XPOLL_DEADLINE_H */
