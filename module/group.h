/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A group of instances that are counted together, for example those of one program. It
 * belongs to an open device file. A process finds it by its number, which programs can pass on
 * where they can't pass a descriptor. The number suffices for processes of the user who opened
 * the device file; other users also need the group's key.
 */
#ifndef XPOLL_GROUP_H
#define XPOLL_GROUP_H

#include <linux/types.h>

struct ep_group;
struct ep_wake;
struct eventpoll;
struct file;
struct xp_wake_request;
struct xpoll_stats;

void xp_group_exit(void);

/* For the device file's ->release(). Afterwards the number finds no group. */
void xp_group_release(struct file *device);

/* Return: the number of @device's group, which the first call creates; or -errno. */
int xp_group_id(struct file *device);
/* Return: the same of a group that the caller has a reference to, or that an instance has. */
u32 xp_group_number(const struct ep_group *group);

/* Return: 0, or -ENODATA if @device has no group. */
int xp_group_stats(const struct file *device, struct xpoll_stats *stats);
int xp_group_key(const struct file *device, u64 *key);

/*
 * Return: group @id, with a reference; NULL if there is none, or if the caller may not join it
 * with @device and @key (0 for none).
 */
struct ep_group *xp_group_get(const struct file *device, u32 id, u64 key);
/* Does nothing for NULL. */
void xp_group_put(struct ep_group *group);
/* Under RCU. Return: whether it took a reference; false if the last one was dropped. */
bool xp_group_tryget(struct ep_group *group);

/* Apply @request, which this takes over, to @device's group. Return: 0 or -errno. */
int xp_group_set_wake(struct file *device, struct xp_wake_request *request);
/* Return: the policy of @device's group, or NULL. It lives as long as the caller holds @device. */
struct ep_wake *xp_group_wake_of(const struct file *device);

/* Return: the policy of @group, which may be NULL, for EXCLUSIVE watches; or NULL. */
struct ep_wake *xp_group_wake(const struct ep_group *group);

/* @ep takes over the caller's reference until it leaves. */
void xp_group_join(struct ep_group *group, struct eventpoll *ep);
/* The counts of @ep, which has a group and which is being released, stand. */
void xp_group_leave(struct eventpoll *ep);

#endif /* XPOLL_GROUP_H */
