// SPDX-License-Identifier: GPL-2.0-only
#include "epitem.h"
#include "slotchange.h"

static int xp_batch_remove_slot(struct batch *batch, u32 slot)
{
	struct eventpoll *ep = xp_batch_instance(batch);
	struct epitem *epi = xp_slot_item(ep, slot);

	if (!epi)
		return -ENOENT;
	xp_epitem_remove(ep, epi);
	return 0;
}

int xp_batch_slot(struct batch *batch, const struct xpoll_change *change)
{
	poll_table pt;
	int err = -EINVAL;

	if (change->flags != XPOLL_CHANGE_SLOT)
		return -EINVAL;
	init_poll_funcptr(&pt, NULL);
	if (change->op == EPOLL_CTL_MOD)
		return xp_batch_modify_slot(batch, change, &pt);
	if (change->op == EPOLL_CTL_DEL)
		err = xp_batch_remove_slot(batch, change->fd);
	if (trace_xpoll_ctl_enabled())
		xp_ctl_trace_slot(batch->epfile, change, err);
	return err;
}
