// SPDX-License-Identifier: GPL-2.0-only
/*
 * A walk down goes through an instance's tree under its @tree_mutex, never under its @mtx, whose
 * holder may wait for user space while others wait for xp_nest_mutex. It lets go of @tree_mutex
 * before it enters an instance below, to which it takes a reference, and after each few items.
 * Meanwhile @walk_next is the node that it goes on with. If the item of this node leaves the tree,
 * its removal sets @walk_next to the next one. No task adds an item to an instance during a walk,
 * because that needs xp_nest_mutex: @nesting of the uppermost instance is set, and the others are
 * watched. If an instance loses its last watcher, its walk ends.
 *
 * A walk up asks the table of watched files for those watchers of an instance that are
 * watched themselves: XP_BATCH items at a time, which bounds how long it holds the
 * bucket's lock, and takes a reference to each instance. A path up ends in each of the
 * other watchers. Their number is @watchers minus the number of items that the walk
 * found.
 *
 * Each walk has a number (generation). It stores this in each instance and item that it
 * has visited, and visits each once. So its cost is bounded by the number of items in the
 * instances below, plus the number of links between watched instances above. Walks up
 * from a file end as soon as its paths exceed the limits. Items in instances that nobody
 * watches cost nothing: paths without a link between instances have no limit.
 *
 * A fatal signal ends each walk. The recursion is at most
 * EP_MAX_NESTS links deep: no longer chain exists, and a walk that meets one fails.
 */
#include <linux/bitops.h>
#include <linux/minmax.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>

#include "epitem.h"
#include "nest.h"
#include "paths.h"
#include "watched.h"

/*
 * How many paths over one, two, three and four links between instances a file may have, or an
 * instance with an event of its own. They limit the callbacks that one wake-up causes. Paths
 * without a link are unlimited.
 */
#define PATH_LIMITS PATHS(EP_MAX_PATHS, 100, 50, 10)

/*
 * Do wake-ups begin at @ep, without a file? Each event that no file reports must count here: of a
 * ring, of POST, and of a watch that has ended. The paths up from @ep are limited then as those of
 * a file that only @ep watches.
 */
static bool xp_is_source(const struct eventpoll *ep)
{
	return ep->ring || READ_ONCE(ep->tells) || atomic_read(&ep->posters);
}

static u64 generation;
static unsigned int steps;
/*
 * Walks down have a counter of their own. Walks up run inside them and raise @steps, so a walk down
 * might never see a multiple of 32 there.
 */
static unsigned int steps_down;
/*
 * Instances whose last references walks dropped. xp_nest_unlock() frees them, since that may remove
 * a device (wakeup_source_unregister()) and a BPF program.
 */
static struct eventpoll *ended;

static void xp_walk_put(struct eventpoll *ep)
{
	lockdep_assert_held(&xp_nest_mutex);
	if (!refcount_dec_and_test(&ep->refcount))
		return;
	ep->next_ended = ended;
	ended = ep;
}

void xp_nest_unlock(void)
{
	struct eventpoll *ep = ended, *next;

	ended = NULL;
	mutex_unlock(&xp_nest_mutex);
	for (; ep; ep = next) {
		next = ep->next_ended;
		xp_eventpoll_free(ep);
	}
}

static noinline int xp_walk_pause(void)
{
	cond_resched();
	return fatal_signal_pending(current) ? -EINTR : 0;
}

/* Between two steps of a walk up. May sleep. */
static inline int xp_walk_step(void)
{
	return ++steps % 32 ? 0 : xp_walk_pause();
}

/* Let go of the tree of @ep. @next: where the walk goes on, or NULL. */
static void xp_tree_leave(struct eventpoll *ep, struct rb_node *next)
{
	ep->walk_next = next;
	mutex_unlock(&ep->tree_mutex);
}

/* Return: where the walk goes on, or NULL. */
static struct rb_node *xp_tree_return(struct eventpoll *ep)
{
	struct rb_node *next;

	mutex_lock(&ep->tree_mutex);
	next = ep->walk_next;
	ep->walk_next = NULL;
	return next;
}

static inline bool xp_tree_is_pause_due(void)
{
	return !(++steps_down % 32);
}

static noinline int xp_tree_pause(struct eventpoll *ep, struct rb_node **next)
{
	int err;

	xp_tree_leave(ep, *next);
	err = xp_walk_pause();
	*next = xp_tree_return(ep);
	return err;
}

static struct eventpoll *xp_instance_in(struct rb_node *node)
{
	return xp_eventpoll_of(rb_entry(node, struct epitem, rbn)->file);
}

/* Items of one file, which are neighbours in the tree. */
struct run {
	unsigned int nr;
	struct epitem *items[XP_BATCH];
};

/* Make walks up find the items of @run, whose instance is watched or about to be. */
static void xp_run_promote(struct run *run)
{
	struct eventpoll *inner;

	if (!run->nr)
		return;
	inner = xp_eventpoll_of(run->items[0]->file);
	if (inner)
		inner->watched_above = true;
	xp_watched_promote(run->items, run->nr);
	run->nr = 0;
}

static void xp_run_add(struct run *run, struct epitem *epi)
{
	if (run->nr == XP_BATCH || (run->nr && run->items[0]->file != epi->file))
		xp_run_promote(run);
	run->items[run->nr++] = epi;
}

/* What a walk down has found in an instance. */
struct measure {
	int depth;
	bool sources;
};

static inline void xp_measure_add(struct measure *measure, const struct eventpoll *below)
{
	measure->sources |= below->sources_below;
	measure->depth = max(measure->depth, 1 + below->depth);
}

static int xp_measure_below(struct eventpoll *inner, const struct eventpoll *ep, int level);

/*
 * Measure @below, which @inner watches. The caller holds the tree_mutex of @inner. This function
 * releases it while it walks @below.
 */
static int xp_measure_watched(struct eventpoll *inner, struct rb_node **next,
			      struct eventpoll *below, const struct eventpoll *ep, int level,
			      struct measure *measure)
{
	int err;

	refcount_inc(&below->refcount);
	xp_tree_leave(inner, *next);
	err = xp_measure_below(below, ep, level);
	xp_measure_add(measure, below);
	xp_walk_put(below);
	*next = xp_tree_return(inner);
	return err;
}

/* Is @inner still watched? The uppermost one need not be yet. */
static inline bool xp_is_below(const struct eventpoll *inner, int level)
{
	return level == 1 || atomic_read(&inner->watchers);
}

/*
 * Store in @inner->depth the number of links of the longest chain down from @inner, which is
 * @level links below @ep, where the walk began.
 *
 * If @inner is the uppermost instance and nobody watches it yet, promote its items.
 */
static int xp_measure_below(struct eventpoll *inner, const struct eventpoll *ep, int level)
{
	struct measure measure = {};
	struct rb_node *node, *next;
	struct run run = { .nr = 0 };
	bool promote;
	int err = 0;

	if (inner == ep || level > EP_MAX_NESTS)
		return -ELOOP;
	mutex_lock(&inner->tree_mutex);
	/* under the mutex, which each xp_epitem_link() that did not see @nesting has released */
	promote = level == 1 && !atomic_read(&inner->watchers);
	measure.sources = xp_is_source(inner) || inner->told_of;
	for (node = rb_first(&inner->rbr); node && !err; node = next) {
		struct eventpoll *below = xp_instance_in(node);
		bool left = false;

		next = rb_next(node);
		if (promote)
			xp_run_add(&run, rb_entry(node, struct epitem, rbn));
		if (!below) {
			measure.sources = true;
		} else if (below->gen == generation) {
			xp_measure_add(&measure, below);
		} else {
			xp_run_promote(&run);
			err = xp_measure_watched(inner, &next, below, ep, level + 1, &measure);
			left = true;
		}
		if (unlikely(xp_tree_is_pause_due()) && !err) {
			xp_run_promote(&run);
			err = xp_tree_pause(inner, &next);
			left = true;
		}
		if (left && !xp_is_below(inner, level))
			break;
	}
	xp_run_promote(&run);
	mutex_unlock(&inner->tree_mutex);
	inner->sources_below = measure.sources;
	inner->depth = measure.depth;
	inner->gen = err ? 0 : generation;
	return err;
}

static int xp_count_paths(struct eventpoll *ep);

/* Add to @paths the paths up from @watchers, and put these. */
static int xp_paths_add(u64 *paths, const struct xp_watchers *watchers)
{
	u64 sum = *paths + watchers->paths;
	unsigned int i;
	int err = 0;

	for (i = 0; i < watchers->nr; i++) {
		struct eventpoll *ep = watchers->eps[i];

		if (!err)
			err = xp_count_paths(ep);
		sum += xp_paths_of_watched(ep);
		xp_walk_put(ep);
	}
	*paths = xp_paths_cap(sum);
	return err ?: xp_walk_step();
}

/*
 * Store in @ep->paths the paths up from @ep.
 *
 * A watcher that leaves during the walk may still be counted, as one that nobody watches.
 */
static int xp_count_paths(struct eventpoll *ep)
{
	int ends = atomic_read(&ep->watchers), err = 0;
	bool more = ep->watched_above, found = false;
	struct xp_watchers watchers;
	u64 above = 0;

	if (xp_paths_known(ep, generation))
		return 0;
	while (more && !err) {
		more = xp_watched_collect(ep->file, ep, generation, &watchers);
		found |= watchers.items;
		ends -= watchers.items;
		err = xp_paths_add(&above, &watchers);
	}
	if (err)
		return err;
	/* a chain with one link too many, whose count the shift would drop */
	if (above >> (EP_MAX_NESTS - 1) * PATHS_BITS)
		return -ELOOP;
	ep->watched_above = found;
	ep->paths = PATHS(clamp(ends, 0, EP_MAX_PATHS + 1), 0, 0, 0) | above << PATHS_BITS;
	ep->paths_gen = generation;
	return 0;
}

/* Return: links of the longest chain up from @ep, whose paths are counted. */
static int xp_depth_above(const struct eventpoll *ep)
{
	return DIV_ROUND_UP(fls64(ep->paths), PATHS_BITS);
}

int xp_nest_check_depth(struct eventpoll *ep, struct eventpoll *inner)
{
	int err;

	lockdep_assert_held(&xp_nest_mutex);
	generation++;
	err = xp_measure_below(inner, ep, 1);
	if (!err)
		err = xp_count_paths(ep);
	if (err)
		return err;
	return xp_depth_above(ep) + 1 + inner->depth > EP_MAX_NESTS ? -ELOOP : 0;
}

/* Ends at the limits, since each item of a watched instance adds a path. */
static int xp_check_file(const struct file *file)
{
	struct xp_watchers watchers;
	u64 paths = 0;
	bool more;
	int err;

	do {
		more = xp_watched_collect(file, NULL, generation, &watchers);
		err = xp_paths_add(&paths, &watchers);
		if (!err && xp_paths_exceed(paths, PATH_LIMITS))
			err = -EINVAL;
	} while (more && !err);
	return err;
}

/* The instance of @epi is watched, and the paths up from it are known. */
static inline int xp_check_item(const struct epitem *epi)
{
	if (epi->walk == generation)
		return 0;
	/* head and first on the list: the file's only item in a watched instance */
	if (READ_ONCE(epi->file_items.first) == &epi->fllink)
		return xp_paths_exceed(epi->ep->paths, PATH_LIMITS) ? -EINVAL : 0;
	return xp_check_file(epi->file);
}

/*
 * Check the wake-ups that begin at @ep, the paths up from which are known; and those that its last
 * close causes, as if the instances that tell of it watched a file.
 */
static int xp_check_own(const struct eventpoll *ep)
{
	if (xp_is_source(ep) && xp_paths_exceed(ep->paths, PATH_LIMITS))
		return -EINVAL;
	if (ep->told_of && xp_paths_exceed(ep->paths >> PATHS_BITS, PATH_LIMITS))
		return -EINVAL;
	return 0;
}

/*
 * If only @ep watches @inner, compute its paths from those of @ep, without the table. The caller
 * holds the tree_mutex of @ep, so the watch that @watchers counts is that of @ep.
 */
static void xp_inherit_paths(struct eventpoll *inner, const struct eventpoll *ep)
{
	if (atomic_read(&inner->watchers) != 1)
		return;
	inner->paths = ep->paths << PATHS_BITS;
	inner->paths_gen = generation;
}

static int xp_check_sources_below(struct eventpoll *ep);

/*
 * Check @below, which @ep watches. The caller holds the tree_mutex of @ep. This function releases
 * it while it walks @below.
 */
static int xp_check_watched(struct eventpoll *ep, struct rb_node **next, struct eventpoll *below)
{
	int err;

	xp_inherit_paths(below, ep);
	refcount_inc(&below->refcount);
	xp_tree_leave(ep, *next);
	err = xp_check_sources_below(below);
	xp_walk_put(below);
	*next = xp_tree_return(ep);
	return err;
}

/* Check @ep, and every file that it watches, or an instance below it. */
static int xp_check_sources_below(struct eventpoll *ep)
{
	struct rb_node *node, *next;
	int err;

	err = xp_count_paths(ep) ?: xp_check_own(ep);
	if (err)
		return err;
	mutex_lock(&ep->tree_mutex);
	for (node = rb_first(&ep->rbr); node && !err; node = next) {
		struct epitem *epi = rb_entry(node, struct epitem, rbn);
		struct eventpoll *below = xp_instance_in(node);
		bool left = false;

		next = rb_next(node);
		if (!below) {
			err = xp_check_item(epi);
		} else if (below->sources_below && below->gen != generation) {
			err = xp_check_watched(ep, &next, below);
			left = true;
		}
		if (unlikely(xp_tree_is_pause_due()) && !err) {
			err = xp_tree_pause(ep, &next);
			left = true;
		}
		if (left && !atomic_read(&ep->watchers))
			break;
	}
	mutex_unlock(&ep->tree_mutex);
	ep->gen = generation;
	return err;
}

int xp_nest_check_paths(struct epitem *epi)
{
	struct eventpoll *ep = epi->ep, *inner = xp_eventpoll_of(epi->file);
	struct run run = { .nr = 1, .items = { epi } };

	lockdep_assert_held(&xp_nest_mutex);
	lockdep_assert_held(&ep->mtx);
	generation++;
	if (atomic_read(&ep->watchers))
		xp_run_promote(&run);
	if (!inner)
		return xp_count_paths(ep) ?: xp_check_item(epi);
	/*
	 * The walk that set @sources_below did not know of this watch. If the watch is the first
	 * of @ep that tells of its end, the paths up from @ep are part of those that @told_of
	 * stands for.
	 */
	if (inner->sources_below || inner->told_of)
		return xp_check_sources_below(inner);
	return 0;
}

static int xp_nest_check_posts(struct eventpoll *ep)
{
	int err = mutex_lock_killable(&xp_nest_mutex);

	if (err)
		return err;
	/* under the mutex, so that no addition counts it while it waits, and may be refused */
	atomic_inc(&ep->posters);
	generation++;
	err = xp_count_paths(ep) ?: xp_check_own(ep);
	/* a number, since another task may have succeeded when there were fewer paths */
	if (err)
		atomic_dec(&ep->posters);
	xp_nest_unlock();
	return err;
}

/*
 * If nobody watches @ep, or is about to, no lock is needed. The task that adds @ep to an instance
 * sets @nesting before its walk looks at @posters, and clears it after it has raised @watchers or
 * failed. So this task sees @nesting or @watchers, or that walk sees @posters. A walk that looks
 * before this task lowers @posters again counts this post, even if it is refused later.
 */
int xp_nest_begin_posts(struct eventpoll *ep)
{
	if (!xp_is_nested(ep)) {
		atomic_inc(&ep->posters);
		smp_mb__after_atomic(); /* pairs with smp_mb() in xp_ctl_check_nested() */
		if (!xp_is_nested(ep))
			return 0;
		atomic_dec(&ep->posters);
	}
	return xp_nest_check_posts(ep);
}
