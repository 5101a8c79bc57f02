/* SPDX-License-Identifier: GPL-2.0-only */
/* What puts events into a ready ring: wake-ups of files, changes, and POST. */
#ifndef XPOLL_RINGCALL_H
#define XPOLL_RINGCALL_H

#include <linux/poll.h>
#include <linux/wait.h>

struct epitem;
struct eventpoll;

/* The callback of an item of an instance with a ring, in place of xp_callback(). */
int xp_ring_callback(wait_queue_entry_t *wait, unsigned int mode, int sync, void *key);

/* A change found @revents ready of @epi; under ep->mtx. */
void xp_ring_found(struct eventpoll *ep, struct epitem *epi, __poll_t revents);

/* XPOLL_IOC_POST */
void xp_ring_post(struct eventpoll *ep, u64 data);

#endif /* XPOLL_RINGCALL_H */
