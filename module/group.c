// SPDX-License-Identifier: GPL-2.0-only
#include <linux/cred.h>
#include <linux/fs.h>
#include <linux/pid_namespace.h>
#include <linux/random.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/xarray.h>

#include <linux/xpoll.h>

#include "eventpoll.h"
#include "group.h"
#include "stats.h"
#include "wake.h"

/**
 * struct ep_group - instances that are counted together
 * @refcount: one reference of the device file, and one of each instance
 * @id: number that finds the group while the device file is open [constant]
 * @user: user who opened the device file, and may join by the number alone [constant]
 * @pid_ns: PID namespace of the task that created the group. A task of another one may not join by
 *	the number: it can be in a container that has no user namespace of its own [constant]
 * @key: any task may join with it [constant]
 * @wake: the wake policy, or NULL [written once, under lock]
 * @rcu: for kfree_rcu()
 * @lock: protects what follows. Held for a walk through all instances of the group, which a fatal
 *	signal ends. But only calls on this group and the release of its instances wait for it, and
 *	only @user, holders of the device file or the key, and processes that descend from one that
 *	opted in with the group can add instances
 * @instances: instances that exist
 * @ended: sum of the counts of instances that ended
 */
struct ep_group {
	refcount_t refcount;
	u32 id;
	kuid_t user;
	struct pid_namespace *pid_ns;
	u64 key;
	struct ep_wake *wake;
	struct rcu_head rcu;
	struct mutex lock; /* @instances and @ended */
	struct list_head instances;
	struct xpoll_stats ended;
};

/* Finds groups by number, under RCU. */
static DEFINE_XARRAY_FLAGS(xp_groups, XA_FLAGS_ALLOC1 | XA_FLAGS_ACCOUNT);
/* The number to try next [lock of xp_groups]. */
static u32 xp_next_group;

static struct ep_group *xp_group_create(const struct cred *maker)
{
	struct ep_group *group = kzalloc(sizeof(*group), GFP_KERNEL_ACCOUNT);
	int err;

	if (!group)
		return ERR_PTR(-ENOMEM);
	group->user = maker->euid;
	group->pid_ns = get_pid_ns(task_active_pid_ns(current));
	group->key = get_random_u64() ?: 1; /* 0 is no key */
	refcount_set(&group->refcount, 1);
	mutex_init(&group->lock);
	INIT_LIST_HEAD(&group->instances);
	/* cyclic, so that an old number does not soon find another group */
	err = xa_alloc_cyclic(&xp_groups, &group->id, group, XA_LIMIT(1, INT_MAX), &xp_next_group,
			      GFP_KERNEL);
	if (err < 0) {
		put_pid_ns(group->pid_ns);
		kfree(group);
		return ERR_PTR(err == -EBUSY ? -ENOSPC : err);
	}
	return group;
}

bool xp_group_tryget(struct ep_group *group)
{
	return refcount_inc_not_zero(&group->refcount);
}

void xp_group_put(struct ep_group *group)
{
	if (!group || !refcount_dec_and_test(&group->refcount))
		return;
	mutex_destroy(&group->lock);
	xp_wake_put(group->wake);
	put_pid_ns(group->pid_ns);
	kfree_rcu(group, rcu);
}

/* Remove the group from xp_groups, and drop the reference of the device file. */
static void xp_group_end(struct ep_group *group)
{
	xa_erase(&xp_groups, group->id);
	xp_group_put(group);
}

/* Return: the group of @device, or NULL. It lives as long as the caller holds @device. */
static struct ep_group *xp_group_of(const struct file *device)
{
	/* pairs with cmpxchg() in xp_group_made() */
	return smp_load_acquire(&device->private_data);
}

void xp_group_release(struct file *device)
{
	struct ep_group *group = xp_group_of(device);

	if (group)
		xp_group_end(group);
}

/*
 * Return: the group of @device, created if there is none. Tasks that create it at the
 * same time get the same one.
 */
static struct ep_group *xp_group_made(struct file *device)
{
	struct ep_group *group = xp_group_of(device), *other;

	if (group)
		return group;
	group = xp_group_create(device->f_cred);
	if (IS_ERR(group))
		return group;
	other = cmpxchg(&device->private_data, NULL, group);
	if (!other)
		return group;
	xp_group_end(group);
	return other;
}

int xp_group_id(struct file *device)
{
	struct ep_group *group = xp_group_made(device);

	return IS_ERR(group) ? PTR_ERR(group) : group->id;
}

u32 xp_group_number(const struct ep_group *group)
{
	return group->id;
}

int xp_group_key(const struct file *device, u64 *key)
{
	const struct ep_group *group = xp_group_of(device);

	if (!group)
		return -ENODATA;
	*key = group->key;
	return 0;
}

/* May a caller with @device and @key join @group? */
static bool xp_group_admits(const struct ep_group *group, const struct file *device, u64 key)
{
	return group == xp_group_of(device) || key == group->key ||
	       (uid_eq(group->user, current_euid()) &&
		group->pid_ns == task_active_pid_ns(current));
}

struct ep_group *xp_group_get(const struct file *device, u32 id, u64 key)
{
	struct ep_group *group;

	rcu_read_lock();
	group = xa_load(&xp_groups, id);
	if (group && (!xp_group_admits(group, device, key) ||
		      !xp_group_tryget(group)))
		group = NULL;
	rcu_read_unlock();
	return group;
}

struct ep_wake *xp_group_wake(const struct ep_group *group)
{
	/* pairs with the release in xp_group_give_wake() */
	return group ? smp_load_acquire(&group->wake) : NULL;
}

struct ep_wake *xp_group_wake_of(const struct file *device)
{
	return xp_group_wake(xp_group_of(device));
}

/* Give @wake to @group unless it has a policy. Return: the group's policy. */
static struct ep_wake *xp_group_give_wake(struct ep_group *group, struct ep_wake *wake)
{
	mutex_lock(&group->lock);
	if (!group->wake) {
		/* pairs with xp_group_wake() */
		smp_store_release(&group->wake, wake);
		wake = NULL;
	}
	mutex_unlock(&group->lock);
	xp_wake_put(wake);
	return group->wake;
}

/*
 * Return: the policy of @device's group; both are created if there are none; or -errno. The
 * policy comes first, so that a failure leaves no group.
 */
static struct ep_wake *xp_group_made_wake(struct file *device)
{
	struct ep_wake *wake = xp_group_wake_of(device);
	struct ep_group *group;

	if (wake)
		return wake;
	wake = xp_wake_alloc();
	if (!wake)
		return ERR_PTR(-ENOMEM);
	group = xp_group_made(device);
	if (!IS_ERR(group))
		return xp_group_give_wake(group, wake);
	xp_wake_put(wake);
	return ERR_CAST(group);
}

int xp_group_set_wake(struct file *device, struct xp_wake_request *request)
{
	struct ep_wake *wake = xp_group_made_wake(device);

	if (IS_ERR(wake)) {
		xp_wake_drop(request);
		return PTR_ERR(wake);
	}
	xp_wake_apply(wake, request);
	return 0;
}

void xp_group_join(struct ep_group *group, struct eventpoll *ep)
{
	ep->wake = xp_wake_get(xp_group_wake(group));
	mutex_lock(&group->lock);
	ep->group = group;
	list_add_tail(&ep->group_link, &group->instances);
	mutex_unlock(&group->lock);
}

void xp_group_leave(struct eventpoll *ep)
{
	struct ep_group *group = ep->group;

	ep->group = NULL;
	mutex_lock(&group->lock);
	list_del(&ep->group_link);
	xp_stats_add(&group->ended, ep);
	group->ended.open_instances--;
	mutex_unlock(&group->lock);
	xp_group_put(group);
}

int xp_group_stats(const struct file *device, struct xpoll_stats *stats)
{
	struct ep_group *group = xp_group_of(device);
	struct eventpoll *ep;
	int err = 0;

	if (!group)
		return -ENODATA;

	mutex_lock(&group->lock);
	*stats = group->ended;
	list_for_each_entry(ep, &group->instances, group_link) {
		xp_stats_add(stats, ep);
		cond_resched();
		if (fatal_signal_pending(current)) {
			err = -EINTR;
			break;
		}
	}
	mutex_unlock(&group->lock);
	return err;
}

/* A failed xa_alloc_cyclic() may have left empty nodes. */
void xp_group_exit(void)
{
	xa_destroy(&xp_groups);
}
