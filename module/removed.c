// SPDX-License-Identifier: GPL-2.0-only
#include <linux/xpoll.h>

#include "callback.h"
#include "compat_file.h"
#include "removed.h"

struct file xp_no_file = XP_DEAD_FILE;

static_assert(XPOLL_EVENT_REMOVED == POLLREMOVE, "no file reports this bit");

/*
 * Readers of the tables under RCU may have found the item before it left, and compare its file. The
 * links that they follow stay as they are, and the item is freed a grace period after its end at
 * the earliest.
 */
void xp_removed_tell(struct epitem *epi)
{
	struct eventpoll *ep = epi->ep;

	lockdep_assert_held(&ep->mtx);
	WRITE_ONCE(epi->file, &xp_no_file);
	epi->events = (__force __poll_t)XPOLL_EVENT_REMOVED | EPOLLET;
	epi->next = EP_UNACTIVE_PTR;
	xp_wide(epi)->woken_ns = 0;
	/* its wakeup source was destroyed: a record keeps no system awake */
	RCU_INIT_POINTER(epi->ws, (void *)EP_WIDE);

	spin_lock_irq(&ep->wq.lock);
	if (xp_callback_post(ep, epi))
		ep->wakes_pollers = true;
	spin_unlock_irq(&ep->wq.lock);
}

__poll_t xp_removed_poll(struct epitem *epi, bool deliver)
{
	struct eventpoll *ep = epi->ep;

	lockdep_assert_held(&ep->mtx);
	if (!xp_is_removed(epi))
		return 0;
	if (deliver) {
		epi->next = ep->told;
		ep->told = epi;
	}
	return (__force __poll_t)XPOLL_EVENT_REMOVED;
}

void xp_removed_put_back(struct epitem *epi)
{
	struct eventpoll *ep = epi->ep;

	lockdep_assert_held(&ep->mtx);
	ep->told = epi->next;
	epi->next = EP_UNACTIVE_PTR;
}
