/* SPDX-License-Identifier: GPL-2.0-only */
/* Chooses by an instance's or a group's wake policy. */
#ifndef XPOLL_CHOOSE_H
#define XPOLL_CHOOSE_H

#include <linux/poll.h>
#include <linux/wait.h>

#include <linux/xpoll.h>

#include "eventpoll.h"

struct ep_wake;
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

/* Candidates, and what each of them stands for. On the stack: 776 bytes. */
struct ep_choice {
	struct xpoll_candidate candidates[XPOLL_CANDIDATES_MAX];
	void *entries[XPOLL_CANDIDATES_MAX];
	unsigned int count;
};

/* Does the policy compare candidates, rather than take the one whose turn it is? */
bool xp_wake_compares(const struct ep_wake *wake);

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
 * Choose one of the candidates, of which there is at least one. @epi: the item whose event
 * it is, or NULL. @happened: what its file reported, or 0.
 *
 * Return: its entry.
 */
void *xp_choose(const struct ep_wake *wake, const struct ep_choice *choice,
		const struct epitem *epi, __poll_t happened);

/*
 * Move the waiter that @ep's policy chooses to the front of the queue. The caller holds
 * wq.lock, and there is a waiter.
 *
 * Return: whether a waiter is likely to take the event: false if each of them is about to
 * leave, or hangs.
 */
bool xp_choose_waiter(struct eventpoll *ep, const struct epitem *epi, __poll_t happened);

#endif /* XPOLL_CHOOSE_H */
