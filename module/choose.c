// SPDX-License-Identifier: GPL-2.0-only
/*
 * Waiters queue in the order of their turns, so the first candidate is the next one. A
 * BPF program gets the candidates in an array, in the order of the queue; the other
 * policies need no array.
 */
#include <linux/bpf.h>
#include <linux/filter.h>
#include <linux/percpu.h>
#include <linux/preempt.h>
#include <linux/sched/signal.h>
#include <net/sock.h>

#include "choose.h"
#include "compat.h"
#include "compat_bpf.h"
#include "epitem.h"
#include "sockof.h"
#include "wake.h"

/* The program may read as many arguments as a raw tracepoint has. */
static_assert(sizeof(struct xpoll_wake_context) == MAX_BPF_FUNC_ARGS * sizeof(u64));

/* sk_hash is a hash of addresses and ports only in the socket of a TCP connection. */
static u32 xp_flow_hash(struct file *file)
{
	const struct sock *sk = xp_sock_of(file);

	if (!sk || sk->sk_protocol != IPPROTO_TCP || sk->sk_type != SOCK_STREAM ||
	    (sk->sk_family != AF_INET && sk->sk_family != AF_INET6) ||
	    READ_ONCE(sk->sk_state) == TCP_LISTEN)
		return 0;
	return READ_ONCE(sk->sk_hash);
}

/*
 * Run the program as a raw tracepoint does: without preemption, which its helpers rely on; with
 * a context of its own in current, where a helper looks for the program's cookie; and not while
 * it runs on this processor already, which it may if it is attached to a tracepoint too.
 *
 * Return: what the program returned; U32_MAX if it did not run.
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
	if (prog) {
		if (likely(xp_prog_enter(prog)))
			n = bpf_prog_run(prog, context);
		xp_prog_leave(prog);
	}
	bpf_reset_run_ctx(old_run_ctx);
	preempt_enable();
	rcu_read_unlock();
	return n;
}

void *xp_choose_by_prog(const struct ep_wake *wake, const struct ep_choice *choice,
			const struct epitem *epi, __poll_t happened)
{
	const struct xpoll_wake_context context = {
		.file = epi ? (unsigned long)epi->file : 0,
		.flow_hash = epi ? xp_flow_hash(epi->file) : 0,
		.events = (__force u32)happened,
		.count = choice->count,
		.candidates = (unsigned long)choice->candidates,
	};
	u32 n;

	if (choice->count <= 1)
		return choice->count ? choice->entries[0] : NULL;
	n = xp_run_prog(wake, &context);
	return choice->entries[n < choice->count ? n : 0];
}

/*
 * A waiter with a pending signal is about to return, perhaps only to stop or to end. Its
 * task lives as long as its entry is in the queue.
 */
static __always_inline bool xp_waiter_takes(const struct ep_wake *wake,
					    const struct ep_waiter *waiter, u64 oldest)
{
	return !signal_pending(waiter->wait.private) &&
	       !xp_worker_hangs(wake, waiter->worker, oldest);
}

/* Return: the first candidate, or NULL. @left: how many waiters may be examined. */
static struct ep_waiter *xp_first_waiter(struct eventpoll *ep, u64 oldest, unsigned int *left)
{
	struct ep_waiter *waiter;

	list_for_each_entry(waiter, &ep->wq.head, wait.entry) {
		if (xp_waiter_takes(ep->wake, waiter, oldest))
			return waiter;
		if (!--*left)
			break;
	}
	return NULL;
}

/* Return: the candidate with the least load, of equals the first; or NULL. */
static struct ep_waiter *xp_idlest_waiter(struct eventpoll *ep, u64 oldest, unsigned int *left)
{
	struct ep_waiter *waiter = xp_first_waiter(ep, oldest, left), *idlest = waiter;
	const struct ep_wake *wake = ep->wake;
	u64 least, load;

	if (!waiter)
		return NULL;
	least = xp_worker_load(wake, waiter->worker, 0);
	list_for_each_entry_continue(waiter, &ep->wq.head, wait.entry) {
		if (!least || !--*left)
			break;
		load = xp_worker_load(wake, waiter->worker, 0);
		if (load < least && xp_waiter_takes(wake, waiter, oldest)) {
			idlest = waiter;
			least = load;
		}
	}
	return idlest;
}

/* Return: the candidate that the program chooses, or NULL. Out of line, as the array is large. */
static noinline struct ep_waiter *xp_waiter_by_prog(struct eventpoll *ep, const struct epitem *epi,
						    __poll_t happened, u64 oldest,
						    unsigned int *left)
{
	const struct ep_wake *wake = ep->wake;
	struct ep_choice choice XP_UNINITIALIZED;
	struct ep_waiter *waiter;

	choice.count = 0;
	list_for_each_entry(waiter, &ep->wq.head, wait.entry) {
		if (xp_waiter_takes(wake, waiter, oldest))
			xp_choice_add(&choice, waiter, waiter->worker,
				      task_pid_nr(waiter->wait.private),
				      xp_worker_load(wake, waiter->worker, 0));
		if (choice.count == XPOLL_CANDIDATES_MAX || !--*left)
			break;
	}
	return xp_choose_by_prog(wake, &choice, epi, happened);
}

/* Return: the candidate that the policy chooses, or NULL. */
static struct ep_waiter *xp_best_waiter(struct eventpoll *ep, const struct epitem *epi,
					__poll_t happened, unsigned int *left)
{
	u64 oldest = xp_wake_oldest(ep->wake);

	if (!list_is_singular(&ep->wq.head)) {
		switch (READ_ONCE(ep->wake->policy)) {
		case XPOLL_WAKE_LEAST_LOADED:
			return xp_idlest_waiter(ep, oldest, left);
		case XPOLL_WAKE_BPF:
			return xp_waiter_by_prog(ep, epi, happened, oldest, left);
		}
	}
	return xp_first_waiter(ep, oldest, left);
}

bool xp_choose_waiter(struct eventpoll *ep, const struct epitem *epi, __poll_t happened,
		      unsigned int *left)
{
	struct ep_waiter *waiter;

	lockdep_assert_held(&ep->wq.lock);
	waiter = xp_best_waiter(ep, epi, happened, left);
	if (!waiter)
		return false;
	if (!list_is_first(&waiter->wait.entry, &ep->wq.head))
		list_move(&waiter->wait.entry, &ep->wq.head);
	return true;
}
