// SPDX-License-Identifier: GPL-2.0-only
#include <linux/capability.h>
#include <linux/dcache.h>

#include "wakesource.h"

bool xp_wakesource_allowed(void)
{
	return IS_ENABLED(CONFIG_PM_SLEEP) && capable(CAP_BLOCK_SUSPEND);
}

/* The pointer without EP_WIDE, and with that of @epi. */
static struct wakeup_source *xp_ws_of(const struct wakeup_source *ws)
{
	return (struct wakeup_source *)((unsigned long)ws & ~EP_WIDE);
}

static struct wakeup_source *xp_ws_for(const struct epitem *epi, const struct wakeup_source *ws)
{
	return (struct wakeup_source *)((unsigned long)ws | (xp_is_wide(epi) ? EP_WIDE : 0));
}

static struct wakeup_source *xp_ws(const struct epitem *epi)
{
	return xp_ws_of(rcu_dereference_protected(epi->ws, lockdep_is_held(&epi->ep->mtx)));
}

int xp_wakesource_create(struct epitem *epi)
{
	struct eventpoll *ep = epi->ep;
	struct name_snapshot name;
	struct wakeup_source *ws;

	lockdep_assert_held(&ep->mtx);
	if (!ep->ws)
		ep->ws = wakeup_source_register(NULL, "xpoll");
	if (!ep->ws)
		return -ENOMEM;

	take_dentry_name_snapshot(&name, epi->file->f_path.dentry);
	ws = wakeup_source_register(NULL, name.name.name);
	release_dentry_name_snapshot(&name);
	if (!ws)
		return -ENOMEM;
	rcu_assign_pointer(epi->ws, xp_ws_for(epi, ws));
	return 0;
}

/* The item has left its wait queues, so no callback uses its wakeup source. */
void xp_wakesource_destroy(struct epitem *epi)
{
	wakeup_source_unregister(xp_ws(epi));
}

void xp_wakesource_withdraw(struct epitem *epi)
{
	struct wakeup_source *ws = xp_ws(epi);

	RCU_INIT_POINTER(epi->ws, xp_ws_for(epi, NULL));
	/* a callback may still use it */
	synchronize_rcu();
	wakeup_source_unregister(ws);
}

void __xp_wakesource_stay_awake(struct epitem *epi)
{
	struct wakeup_source *ws;

	rcu_read_lock();
	ws = xp_ws_of(rcu_dereference(epi->ws));
	if (ws)
		__pm_stay_awake(ws);
	rcu_read_unlock();
}

void __xp_wakesource_relax(struct epitem *epi, bool in_scan)
{
	struct wakeup_source *ws = xp_ws(epi);

	/* activate the instance's source first: one of the two is always active */
	if (in_scan && ws->active)
		__pm_stay_awake(epi->ep->ws);
	__pm_relax(ws);
}
