/* SPDX-License-Identifier: GPL-2.0-only */
/* Chooses by an instance's or a group's wake policy. */
#ifndef XPOLL_CHOOSE_H
#define XPOLL_CHOOSE_H

#include <linux/poll.h>
#include <linux/sched/signal.h>
#include <linux/wait.h>

#include <linux/xpoll.h>

#include "eventpoll.h"
#include "wake.h"

struct epitem;

/* The most waiters, or instances, that are examined for one wake-up. */
#define EP_EXAMINED_MAX 128

/**
 * struct ep_waiter - a task in WAIT
 * @wait: entry in the instance's wq, whose private is the task
 * @worker: number in the table of workers, or 0
 */
struct ep_waiter {
	wait_queue_entry_t wait;
	u32 worker;
};

/* Candidates of a program, and what each of them stands for. On the stack: 776 bytes. */
struct ep_choice {
	struct xpoll_candidate candidates[XPOLL_CANDIDATES_MAX];
	void *entries[XPOLL_CANDIDATES_MAX];
	unsigned int count;
};

static inline void xp_choice_add(struct ep_choice *choice, void *entry, u32 worker, u32 pid,
				 u64 load)
{
	unsigned int n = choice->count++;

	choice->entries[n] = entry;
	choice->candidates[n] = (struct xpoll_candidate) {
		.worker = worker,
		.pid = pid,
		.load = load,
	};
}

/*
 * Have the program choose among the candidates, if there are several. @epi: the item whose
 * event it is, or NULL. @happened: what its file reported, or 0.
 *
 * Return: the chosen one's entry; NULL if there is no candidate.
 */
void *xp_choose_by_prog(const struct ep_wake *wake, const struct ep_choice *choice,
			const struct epitem *epi, __poll_t happened);

/*
 * Whether the policy is round-robin without a limit of heartbeats and the first waiter in
 * the queue can take the event. Most round-robin wake-ups need only this test, so it is
 * inline; xp_choose_waiter() handles the other cases.
 */
static inline bool xp_first_waiter_takes(const struct eventpoll *ep)
{
	const struct ep_waiter *first =
		list_first_entry(&ep->wq.head, struct ep_waiter, wait.entry);
	const struct ep_wake *wake = ep->wake;

	return READ_ONCE(wake->policy) == XPOLL_WAKE_ROUND_ROBIN &&
	       !READ_ONCE(wake->heartbeat_ns) && !signal_pending(first->wait.private);
}

/*
 * Move the waiter that @ep's policy, which is not native, chooses to the front of the queue.
 * The caller holds wq.lock, and there is a waiter. @left: how many waiters may be examined for this
 * wake-up, at least one; lowered by those that were.
 *
 * Return: whether a waiter is likely to take the event: false if each of them is about to
 * leave, or hangs.
 */
bool xp_choose_waiter(struct eventpoll *ep, const struct epitem *epi, __poll_t happened,
		      unsigned int *left);

#endif /* XPOLL_CHOOSE_H */
