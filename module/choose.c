// SPDX-License-Identifier: GPL-2.0-only
/*
 * The first candidate in the queue is the one whose turn it is. A policy that compares
 * candidates sees them in an array, in that order. The array is on the stack, which many
 * kernels clear (CONFIG_INIT_STACK_ALL_ZERO), so round-robin has none.
 */
#include <linux/bpf.h>
#include <linux/filter.h>
#include <linux/net.h>
#include <linux/preempt.h>
#include <linux/sched/signal.h>
#include <net/sock.h>

#include "choose.h"
#include "epitem.h"
#include "wake.h"

/* The program may read as many arguments as a raw tracepoint has. */
static_assert(sizeof(struct xpoll_wake_context) == MAX_BPF_FUNC_ARGS * sizeof(u64));

bool xp_wake_compares(const struct ep_wake *wake)
{
	u32 policy = READ_ONCE(wake->policy);

	return policy == XPOLL_WAKE_LEAST_LOADED || policy == XPOLL_WAKE_BPF;
}

/* Only in a TCP connection's socket is sk_hash made of addresses and ports. */
static u32 xp_flow_hash(struct file *file)
{
	const struct socket *socket = sock_from_file(file);
	const struct sock *sk = socket ? READ_ONCE(socket->sk) : NULL;

	if (!sk || sk->sk_protocol != IPPROTO_TCP || sk->sk_type != SOCK_STREAM ||
	    (sk->sk_family != AF_INET && sk->sk_family != AF_INET6) ||
	    READ_ONCE(sk->sk_state) == TCP_LISTEN)
		return 0;
	return READ_ONCE(sk->sk_hash);
}

/*
 * Run the program as a raw tracepoint does: without preemption, which its helpers rely on, and
 * with a context of its own in current, where a helper looks for the program's cookie.
 *
 * Return: what the program returned; anything if there is none.
 */
static u32 xp_run_prog(const struct ep_wake *wake, const struct xpoll_wake_context *context)
{
	struct bpf_trace_run_ctx run_ctx = {};
	struct bpf_run_ctx *old_run_ctx;
	const struct bpf_prog *prog;
	u32 n = U32_MAX;

	rcu_read_lock();
	preempt_disable();
	old_run_ctx = bpf_set_run_ctx(&run_ctx.run_ctx);
	prog = rcu_dereference(wake->prog);
	if (prog)
		n = bpf_prog_run(prog, context);
	bpf_reset_run_ctx(old_run_ctx);
	preempt_enable();
	rcu_read_unlock();
	return n;
}

static u32 xp_choose_by_prog(const struct ep_wake *wake, const struct ep_choice *choice,
			     const struct epitem *epi, __poll_t happened)
{
	const struct xpoll_wake_context context = {
		.file = epi ? (unsigned long)epi->file : 0,
		.flow_hash = epi ? xp_flow_hash(epi->file) : 0,
		.events = (__force u32)happened,
		.count = choice->count,
		.candidates = (unsigned long)choice->candidates,
	};

	return xp_run_prog(wake, &context);
}

static u32 xp_choose_by_load(const struct ep_choice *choice)
{
	unsigned int n, least = 0;

	for (n = 1; n < choice->count; n++) {
		if (choice->candidates[n].load < choice->candidates[least].load)
			least = n;
	}
	return least;
}

void *xp_choose(const struct ep_wake *wake, const struct ep_choice *choice,
		const struct epitem *epi, __poll_t happened)
{
	u32 n = 0;

	switch (READ_ONCE(wake->policy)) {
	case XPOLL_WAKE_LEAST_LOADED:
		n = xp_choose_by_load(choice);
		break;
	case XPOLL_WAKE_BPF:
		n = xp_choose_by_prog(wake, choice, epi, happened);
		break;
	}
	return choice->entries[n < choice->count ? n : 0];
}

/*
 * A waiter with a pending signal is about to return, perhaps only to stop or to end. Its
 * task lives as long as its entry is in the queue.
 */
static bool xp_waiter_takes(const struct ep_wake *wake, const struct ep_waiter *waiter, u64 oldest)
{
	return !signal_pending(waiter->wait.private) &&
	       !xp_worker_hangs(wake, waiter->worker, oldest);
}

/* Return: the first candidate, or NULL. */
static struct ep_waiter *xp_first_waiter(struct eventpoll *ep, u64 oldest)
{
	unsigned int examined = 0;
	struct ep_waiter *waiter;

	list_for_each_entry(waiter, &ep->wq.head, wait.entry) {
		if (xp_waiter_takes(ep->wake, waiter, oldest))
			return waiter;
		if (++examined == EP_EXAMINED_MAX)
			break;
	}
	return NULL;
}

static void xp_find_waiters(struct eventpoll *ep, struct ep_choice *choice, u64 oldest)
{
	const struct ep_wake *wake = ep->wake;
	unsigned int examined = 0;
	struct ep_waiter *waiter;

	choice->count = 0;
	list_for_each_entry(waiter, &ep->wq.head, wait.entry) {
		if (xp_waiter_takes(wake, waiter, oldest))
			xp_choice_add(choice, waiter, waiter->worker,
				      task_pid_nr(waiter->wait.private),
				      xp_worker_load(wake, waiter->worker, 0));
		if (choice->count == XPOLL_CANDIDATES_MAX || ++examined == EP_EXAMINED_MAX)
			break;
	}
}

/* Return: the candidate that the policy chooses, or NULL. */
static noinline struct ep_waiter *xp_best_waiter(struct eventpoll *ep, const struct epitem *epi,
						 __poll_t happened, u64 oldest)
{
	struct ep_choice choice;

	xp_find_waiters(ep, &choice, oldest);
	return choice.count ? xp_choose(ep->wake, &choice, epi, happened) : NULL;
}

bool xp_choose_waiter(struct eventpoll *ep, const struct epitem *epi, __poll_t happened)
{
	struct ep_waiter *waiter;
	u64 oldest;

	lockdep_assert_held(&ep->wq.lock);
	if (xp_wake_is_native(ep->wake))
		return true;
	oldest = xp_wake_oldest(ep->wake);
	if (xp_wake_compares(ep->wake))
		waiter = xp_best_waiter(ep, epi, happened, oldest);
	else
		waiter = xp_first_waiter(ep, oldest);
	if (!waiter)
		return false;
	list_move(&waiter->wait.entry, &ep->wq.head);
	return true;
}
