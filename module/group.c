// SPDX-License-Identifier: GPL-2.0-only
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/idr.h>
#include <linux/slab.h>

#include <linux/xpoll.h>

#include "eventpoll.h"
#include "group.h"
#include "stats.h"

/**
 * struct ep_group - instances that are counted together
 * @refcount: one for the device file, one for each instance
 * @id: the number that finds it while the device file is open
 * @lock: for what follows. One for each group: who makes his own large has it to himself
 * @instances: those that are alive
 * @ended: the sum over those that are not
 */
struct ep_group {
	refcount_t refcount;
	int id;
	struct mutex lock; /* @instances and @ended */
	struct list_head instances;
	struct xpoll_stats ended;
};

/* The numbers, and the device files' private_data. */
static DEFINE_MUTEX(xp_group_mutex);
static DEFINE_IDR(xp_groups);

static struct ep_group *xp_group_create(void)
{
	struct ep_group *group = kzalloc(sizeof(*group), GFP_KERNEL_ACCOUNT);
	int id;

	lockdep_assert_held(&xp_group_mutex);
	if (!group)
		return ERR_PTR(-ENOMEM);
	/* cyclic: a program that outlives its group should not come upon another's */
	id = idr_alloc_cyclic(&xp_groups, group, 1, 0, GFP_KERNEL_ACCOUNT);
	if (id < 0) {
		kfree(group);
		return ERR_PTR(id);
	}
	group->id = id;
	refcount_set(&group->refcount, 1);
	mutex_init(&group->lock);
	INIT_LIST_HEAD(&group->instances);
	return group;
}

void xp_group_put(struct ep_group *group)
{
	if (!refcount_dec_and_test(&group->refcount))
		return;
	mutex_destroy(&group->lock);
	kfree(group);
}

void xp_group_release(struct file *device)
{
	struct ep_group *group = device->private_data;

	if (!group)
		return;
	mutex_lock(&xp_group_mutex);
	idr_remove(&xp_groups, group->id);
	mutex_unlock(&xp_group_mutex);
	xp_group_put(group);
}

int xp_group_id(struct file *device)
{
	struct ep_group *group;
	int id;

	mutex_lock(&xp_group_mutex);
	group = device->private_data ?: xp_group_create();
	if (IS_ERR(group)) {
		id = PTR_ERR(group);
	} else {
		device->private_data = group;
		id = group->id;
	}
	mutex_unlock(&xp_group_mutex);
	return id;
}

struct ep_group *xp_group_get(u32 id)
{
	struct ep_group *group;

	mutex_lock(&xp_group_mutex);
	group = idr_find(&xp_groups, id);
	if (group)
		refcount_inc(&group->refcount);
	mutex_unlock(&xp_group_mutex);
	return group;
}

void xp_group_join(struct ep_group *group, struct eventpoll *ep)
{
	mutex_lock(&group->lock);
	ep->group = group;
	list_add_tail(&ep->group_link, &group->instances);
	mutex_unlock(&group->lock);
}

void xp_group_leave(struct eventpoll *ep)
{
	struct ep_group *group = ep->group;

	mutex_lock(&group->lock);
	list_del(&ep->group_link);
	xp_stats_add(&group->ended, ep);
	group->ended.open_instances--;
	mutex_unlock(&group->lock);
	xp_group_put(group);
}

int xp_group_stats(struct file *device, struct xpoll_stats *stats)
{
	struct eventpoll *ep;
	struct ep_group *group;

	mutex_lock(&xp_group_mutex);
	group = device->private_data;
	mutex_unlock(&xp_group_mutex);
	if (!group)
		return -ENODATA;

	/* it stays as long as the device file, which our caller holds */
	mutex_lock(&group->lock);
	*stats = group->ended;
	list_for_each_entry(ep, &group->instances, group_link) {
		xp_stats_add(stats, ep);
		cond_resched();
	}
	mutex_unlock(&group->lock);
	return 0;
}

/* A call that found no memory for one level of the table has left those above it there. */
void xp_group_exit(void)
{
	idr_destroy(&xp_groups);
}
