/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XPOLL_CHANGE_H
#define XPOLL_CHANGE_H

#include <linux/compiler_types.h>

struct file;
struct xpoll_change;

/*
 * XPOLL_IOC_CHANGE on the instance of @epfile. Return: 0; the watch's slot, after ADD and UPSERT on
 * an instance with a ring; or -errno.
 */
long xp_change(struct file *epfile, struct xpoll_change __user *from);

#endif /* XPOLL_CHANGE_H */
