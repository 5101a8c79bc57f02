/* SPDX-License-Identifier: GPL-2.0-only */
/* Changes by slot, on an instance with a ring. MOD is inline for the sake of changes.c. */
#ifndef XPOLL_SLOTCHANGE_H
#define XPOLL_SLOTCHANGE_H

#include "batch.h"
#include "compat_file.h"
#include "ctl.h"
#include "lastref.h"
#include "modify.h"
#include "ring.h"
#include "ringcall.h"
#include "slots.h"
#include "trace.h"

/* MOD by slot. The descriptor may be closed, so nobody holds the file. */
static __always_inline int xp_ring_modify(struct eventpoll *ep, const struct xpoll_change *change,
					  poll_table *pt)
{
	__poll_t events = ((__force __poll_t)change->events & ~EPOLLWAKEUP) | EPOLLERR | EPOLLHUP;
	struct epitem *epi = xp_slot_item(ep, change->fd);
	struct file *file;
	__poll_t revents;

	if (events & EPOLLEXCLUSIVE)
		return -EINVAL;
	if (!epi)
		return -ENOENT;
	if (READ_ONCE(epi->events) & EPOLLEXCLUSIVE)
		return -EINVAL;
	file = epi->file;
	if (!xp_file_get_live(file))
		return -ENOENT;
	xp_ring_change(ep, epi, events, change->data);
	revents = xp_modify_poll(epi, file, pt);
	if (unlikely(xp_file_put_keep_last(epi->file))) {
		xp_lastref_keep(epi);
		xp_lastref_give(ep);
		return 0;
	}
	if (revents)
		xp_ring_found(ep, epi, revents);
	return 0;
}

static __always_inline int xp_batch_modify_slot(struct batch *batch,
						const struct xpoll_change *change, poll_table *pt)
{
	int err = xp_ring_modify(xp_batch_instance(batch), change, pt);

	if (trace_xpoll_ctl_enabled())
		xp_ctl_trace_slot(batch->epfile, change, err);
	return err;
}

/* A change with flags on an instance with a ring. Return: 0 or -errno. */
int xp_batch_slot(struct batch *batch, const struct xpoll_change *change);

#endif /* XPOLL_SLOTCHANGE_H */
