// SPDX-License-Identifier: GPL-2.0-only
/*
 * Going down from an instance is walking its tree under its mutex. Going up is
 * asking the table of watched files who watches it, under RCU. Each walk has a
 * number (generation); an instance that bears it was seen to its end and answers
 * from memory, so that no instance is walked twice. Counting the ways up has no
 * memory, but ends at the limits. Recursion is no deeper than a chain may be, since
 * no longer one is ever let in.
 */
#include <linux/rculist.h>

#include "epitem.h"
#include "nest.h"
#include "watched.h"

/* More than any allowed depth: what a cycle or too long a chain measures. */
#define TOO_DEEP (EP_MAX_NESTS + 1)

/*
 * How many ways up a file may have that lead through @i instances beyond the first:
 * the fan-out that one wake-up of the file can set off. Direct ones are unlimited.
 */
static const unsigned int path_limits[EP_MAX_NESTS + 1] = { UINT_MAX, 500, 100, 50, 10 };

/* see LOCKS in eventpoll.h */
DEFINE_MUTEX(xp_nest_mutex);
static u64 generation;

/* Links of the longest chain down from @inner, @level links below where we began. */
static int xp_depth_below(struct eventpoll *inner, const struct eventpoll *ep, int level)
{
	struct rb_node *node;
	int depth = 0;

	if (inner == ep || level > EP_MAX_NESTS)
		return TOO_DEEP;
	if (inner->gen == generation)
		return inner->depth;

	mutex_lock_nested(&inner->mtx, level);
	for (node = rb_first(&inner->rbr); node && depth < TOO_DEEP; node = rb_next(node)) {
		struct eventpoll *next = xp_eventpoll_of(rb_entry(node, struct epitem, rbn)->file);

		if (next)
			depth = max(depth, 1 + xp_depth_below(next, ep, level + 1));
		cond_resched();
	}
	mutex_unlock(&inner->mtx);
	inner->gen = generation;
	inner->depth = depth;
	return depth;
}

/*
 * The items that watch @ep, or NULL; under RCU. One that a walk came upon while it
 * was being released has none, and its file's address may be another file's by now.
 */
static const struct hlist_head *xp_watchers_of(const struct eventpoll *ep)
{
	return refcount_read(&ep->refcount) ? xp_watched_lookup(ep->file) : NULL;
}

/* Links of the longest chain up from @ep. */
static int xp_depth_above(struct eventpoll *ep)
{
	const struct hlist_head *items;
	struct epitem *epi;
	int depth = 0;

	if (ep->gen == generation)
		return ep->depth;
	items = xp_watchers_of(ep);
	if (items)
		hlist_for_each_entry_rcu(epi, items, fllink)
			depth = max(depth, 1 + xp_depth_above(epi->ep));
	ep->gen = generation;
	ep->depth = depth;
	return depth;
}

int xp_nest_check_depth(struct eventpoll *ep, struct eventpoll *inner)
{
	int below, above;

	lockdep_assert_held(&xp_nest_mutex);
	generation++;
	below = xp_depth_below(inner, ep, 1);
	if (below > EP_MAX_NESTS)
		return -ELOOP;

	generation++;
	rcu_read_lock();
	above = xp_depth_above(ep);
	rcu_read_unlock();
	return above + 1 + below > EP_MAX_NESTS ? -ELOOP : 0;
}

/*
 * Count the ways up through @items, of a file that lies @beyond instances above the
 * one we ask for; under RCU.
 */
static int xp_count_paths(const struct hlist_head *items, unsigned int beyond,
			  unsigned int *paths)
{
	struct epitem *epi;
	int err = 0;

	if (beyond > EP_MAX_NESTS)
		return -EINVAL;
	hlist_for_each_entry_rcu(epi, items, fllink) {
		const struct hlist_head *above = NULL;

		if (atomic_read(&epi->ep->watchers))
			above = xp_watchers_of(epi->ep);
		if (above)
			err = xp_count_paths(above, beyond + 1, paths);
		else if (++paths[beyond] > path_limits[beyond])
			err = -EINVAL;
		if (err)
			break;
	}
	return err;
}

static int xp_check_file(const struct file *file)
{
	unsigned int paths[EP_MAX_NESTS + 1] = {};
	const struct hlist_head *items;
	int err = 0;

	rcu_read_lock();
	items = xp_watched_lookup(file);
	if (items)
		err = xp_count_paths(items, 0, paths);
	rcu_read_unlock();
	return err;
}

/* Every file that is watched by @ep, or by an instance that is, and so on. */
static int xp_check_files_below(struct eventpoll *ep, int level)
{
	struct rb_node *node;
	int err = 0;

	if (ep->gen == generation)
		return 0;
	mutex_lock_nested(&ep->mtx, level);
	for (node = rb_first(&ep->rbr); node && !err; node = rb_next(node)) {
		const struct file *file = rb_entry(node, struct epitem, rbn)->file;
		struct eventpoll *next = xp_eventpoll_of(file);

		err = next ? xp_check_files_below(next, level + 1) : xp_check_file(file);
		cond_resched();
	}
	mutex_unlock(&ep->mtx);
	ep->gen = generation;
	return err;
}

int xp_nest_check_paths(const struct file *file)
{
	struct eventpoll *ep = xp_eventpoll_of(file);

	lockdep_assert_held(&xp_nest_mutex);
	generation++;
	return ep ? xp_check_files_below(ep, 1) : xp_check_file(file);
}
