// SPDX-License-Identifier: GPL-2.0-only
#include <linux/capability.h>
#include <linux/ktime.h>
#include <linux/moduleparam.h>
#include <linux/netdevice.h>
#include <linux/sched/signal.h>
#include <linux/uaccess.h>

#include <net/busy_poll.h>
#include <net/sock.h>

#include "busypoll.h"
#include "deadline.h"
#include "ended.h"
#include "epitem.h"
#include "ring.h"
#include "scan.h"
#include "slots.h"
#include "sockof.h"

unsigned int xp_busy_default_usecs;

module_param_named(busy_poll, xp_busy_default_usecs, uint, 0644);
MODULE_PARM_DESC(busy_poll,
		 "microseconds for which waits poll the network device, in place of net.core.busy_poll (default: 0)");

/*
 * For how long one call of napi_busy_loop() polls. The task is not preempted by its own will in it,
 * so synchronize_rcu_tasks() waits for it: ftrace, BPF trampolines, and this module's own hooks.
 */
#define XP_BUSY_SLICE (10 * NSEC_PER_MSEC)

/*
 * A busy poll. @until: when it ends at the latest
 * @slice: when the current call of napi_busy_loop() does
 * @polled: this call found the device
 */
struct ep_busy_loop {
	const struct eventpoll *ep;
	ktime_t until;
	ktime_t slice;
	bool polled;
};

/*
 * Whether a wait is likely to find an item ready, without a lock. A ring's user may write any
 * @head, so the wait decides under wq.lock.
 */
static bool xp_busy_is_ready(const struct eventpoll *ep)
{
	const struct ep_ring *ring = ep->ring;

	if (likely(!ring))
		return xp_ready(ep);
	/* Not @flags, which are set as long as a consumer owns a level-triggered slot. */
	return !list_empty(&ep->rdllist) || xp_ring_seems_filled(ring);
}

static bool xp_busy_done(const struct ep_busy_loop *loop, ktime_t now)
{
	return xp_busy_is_ready(loop->ep) || signal_pending(current) || now >= loop->until;
}

/* Called by napi_busy_loop(), with preemption disabled. */
static bool xp_busy_loop_end(void *arg, unsigned long start_time)
{
	struct ep_busy_loop *loop = arg;
	ktime_t now = ktime_get();

	loop->polled = true;
	return now >= loop->slice || xp_busy_done(loop, now);
}

/*
 * The loop lets other tasks run when they need the processor. An event that the device brings in
 * wakes the instance as always, in the call of the driver.
 */
void xp_busy_poll(struct eventpoll *ep, const struct deadline *end)
{
	unsigned int napi_id = READ_ONCE(ep->busy.napi_id);
	u16 budget = READ_ONCE(ep->busy.budget) ?: BUSY_POLL_BUDGET;
	struct ep_busy_loop loop = { .ep = ep };

	if (napi_id < MIN_NAPI_ID)
		return;
	loop.until = ktime_add_us(ktime_get(), xp_busy_usecs(ep));
	if (!end->never && end->expires < loop.until)
		loop.until = end->expires;
	do {
		loop.polled = false;
		loop.slice = ktime_add_ns(ktime_get(), XP_BUSY_SLICE);
		napi_busy_loop(napi_id, xp_busy_loop_end, &loop, READ_ONCE(ep->busy.prefer),
			       budget);
		cond_resched_tasks_rcu_qs();
	} while (loop.polled && !xp_busy_done(&loop, ktime_get()));
	/*
	 * In vain: sleep from now on, until an event tells which device is in use. Another waiter
	 * may have learned one meanwhile.
	 */
	if (!xp_busy_is_ready(ep) && !signal_pending(current))
		cmpxchg(&ep->busy.napi_id, napi_id, 0);
}

/* The caller keeps @epi in the table of watched files, so its file has not been released. */
static void xp_busy_learn_item(struct eventpoll *ep, const struct epitem *epi)
{
	const struct sock *sk = xp_sock_of(epi->file);
	unsigned int napi_id = sk ? READ_ONCE(sk->sk_napi_id) : 0;

	if (napi_id >= MIN_NAPI_ID && napi_id != READ_ONCE(ep->busy.napi_id))
		WRITE_ONCE(ep->busy.napi_id, napi_id);
}

/*
 * The latest item on the ready list, unless a scan owns that. An item leaves the list under wq.lock
 * before it leaves the table. Those that watch no file have one that is no socket.
 */
static bool xp_busy_learn_listed(struct eventpoll *ep)
{
	bool listed;

	spin_lock_irq(&ep->wq.lock);
	listed = !list_empty(&ep->rdllist);
	if (listed && !xp_scan_running(ep))
		xp_busy_learn_item(ep, list_last_entry(&ep->rdllist, struct epitem, rdllink));
	spin_unlock_irq(&ep->wq.lock);
	return listed;
}

/*
 * The slot that was appended to the ring last. Its number is in shared memory and may be any; the
 * mutex keeps an item that is found by it. A holder may be blocked for any time, so a wait does not
 * wait for it to learn a device.
 */
static void xp_busy_learn_slot(struct eventpoll *ep)
{
	const struct ep_ring *ring = ep->ring;
	const struct epitem *epi;
	u32 last;

	if (!mutex_trylock(&ep->mtx))
		return;
	last = READ_ONCE(ring->tail) - 1;
	epi = xp_slot_item(ep, READ_ONCE(ring->index[last & (ring->nr - 1)]));
	if (epi)
		xp_busy_learn_item(ep, epi);
	xp_eventpoll_unlock(ep);
}

void xp_busy_learn(struct eventpoll *ep)
{
	if (!xp_busy_learn_listed(ep) && ep->ring)
		xp_busy_learn_slot(ep);
}

/*
 * Whether a caller without CAP_NET_ADMIN may set @params. Kernels whose epoll has these parameters
 * allow everybody all but large budgets. Others want that capability of whoever polls for longer
 * than root has set, for more packets, or instead of interrupts (SO_BUSY_POLL, SO_BUSY_POLL_BUDGET
 * and SO_PREFER_BUSY_POLL in net/core/sock.c).
 */
static bool xp_busy_allowed(const struct eventpoll *ep, const struct xpoll_busy_poll *params)
{
#ifdef EPIOCSPARAMS
	return params->budget <= NAPI_POLL_WEIGHT;
#else
	return params->usecs <= xp_busy_usecs(ep) && params->budget <= BUSY_POLL_BUDGET &&
	       !params->prefer;
#endif
}

long xp_busy_set(struct eventpoll *ep, const void __user *argp)
{
	struct xpoll_busy_poll params;

	if (copy_from_user(&params, argp, sizeof(params)))
		return -EFAULT;
	if (params.reserved || params.usecs > S32_MAX || params.prefer > 1)
		return -EINVAL;
	if (!xp_busy_allowed(ep, &params) && !capable(CAP_NET_ADMIN))
		return -EPERM;
	WRITE_ONCE(ep->busy.usecs, params.usecs);
	WRITE_ONCE(ep->busy.budget, params.budget);
	WRITE_ONCE(ep->busy.prefer, params.prefer);
	return 0;
}

long xp_busy_get(const struct eventpoll *ep, void __user *argp)
{
	const struct xpoll_busy_poll params = {
		.usecs = READ_ONCE(ep->busy.usecs),
		.budget = READ_ONCE(ep->busy.budget),
		.prefer = READ_ONCE(ep->busy.prefer),
	};

	return copy_to_user(argp, &params, sizeof(params)) ? -EFAULT : 0;
}
