/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A group of instances that are counted together: those of one program, say. It
 * belongs to an open device file and goes by a number, which a process may hand on
 * where it can't hand on a descriptor. The number is for processes of the user who
 * opened the device; to others it needs the group's key.
 */
#ifndef XPOLL_GROUP_H
#define XPOLL_GROUP_H

#include <linux/types.h>

struct ep_group;
struct eventpoll;
struct file;
struct xpoll_stats;

void xp_group_exit(void);

/* The device file's ->release(). From here on the number finds nothing. */
void xp_group_release(struct file *device);

/* Return: the number of @device's group, made if there is none; or -errno. */
int xp_group_id(struct file *device);

/* Return: 0, or -ENODATA if @device has no group. */
int xp_group_stats(const struct file *device, struct xpoll_stats *stats);
int xp_group_key(const struct file *device, u64 *key);

/*
 * Return: group @id with a reference; NULL if there is none, or the caller, who knows
 * @key (0 for none) and asks on @device, may not join it.
 */
struct ep_group *xp_group_get(const struct file *device, u32 id, u64 key);
void xp_group_put(struct ep_group *group);

/* @ep takes over the caller's reference and keeps it until it leaves. */
void xp_group_join(struct ep_group *group, struct eventpoll *ep);
void xp_group_leave(struct eventpoll *ep);

#endif /* XPOLL_GROUP_H */
