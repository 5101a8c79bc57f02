// SPDX-License-Identifier: GPL-2.0-only
/* One change, by XPOLL_IOC_CHANGE. */
#include <linux/uaccess.h>

#include <linux/xpoll.h>

#include "batch.h"
#include "bycookie.h"
#include "callback.h"
#include "change.h"
#include "compat.h"
#include "ctl.h"
#include "ended.h"
#include "modify.h"

/* Under the mutex. */
static __always_inline long xp_change_by_cookie(struct file *epfile,
						const struct xpoll_change *change)
{
	struct eventpoll *ep = epfile->private_data;
	struct epitem *epi = xp_change_item(ep, change);
	struct ep_found found XP_UNINITIALIZED;
	long err;

	if (!epi)
		return -ENOENT;
	err = xp_by_cookie(epfile, epi, change, &found);
	if (found.epi)
		xp_make_ready(ep, found.epi);
	return err;
}

/* A change without flags; under the mutex, which it may let go of. */
static int xp_change_plain(struct file *epfile, const struct xpoll_change *change)
{
	struct eventpoll *ep = epfile->private_data;
	struct ep_found found XP_UNINITIALIZED;
	int err;

	found.epi = NULL;
	err = xp_ctl_make(epfile, change, &found);
	if (found.epi)
		xp_list_found(ep, found.epi, found.revents);
	if (likely(err != XP_CTL_NESTED))
		return err;
	xp_eventpoll_unlock(ep);
	err = xp_ctl_make_nested(epfile, change, &found);
	xp_eventpoll_lock(ep);
	return err;
}

long xp_change(struct file *epfile, struct xpoll_change __user *from)
{
	struct eventpoll *ep = epfile->private_data;
	struct batch batch XP_UNINITIALIZED;
	struct xpoll_change *change = &batch.changes[0];
	long err;

	if (xp_changes_read(change, from, 1))
		return -EFAULT;
	if (xp_is_by_cookie(change) && !ep->ring) {
		xp_eventpoll_lock(ep);
		err = xp_change_by_cookie(epfile, change);
		xp_eventpoll_unlock(ep);
		return err;
	}
	batch.epfile = epfile;
	batch.cookies = false;
	batch.room = 0;
	batch.npending = 0;
	batch.fds = 0;
	xp_eventpoll_lock(ep);
	err = change->flags ? xp_batch_flagged(&batch, change) : xp_change_plain(epfile, change);
	xp_eventpoll_unlock(ep);
	if (batch.cookies && put_user(change->data, &from->data))
		return -EFAULT;
	return err;
}
