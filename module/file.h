/* SPDX-License-Identifier: GPL-2.0-only */
/* An instance's file. */
#ifndef XPOLL_FILE_H
#define XPOLL_FILE_H

#include <linux/types.h>

struct ep_group;

/*
 * @flags: XPOLL_CLOEXEC; XPOLL_CREATE_CLOSE_REMOVES if the hook on each close is attached
 *
 * Return: a new descriptor of a new instance in @group (or NULL), or -errno. Takes over the
 * caller's reference to @group, even if it fails. @slots: number of slots of its ready ring, 0 for
 * none
 */
int xp_eventpoll_open(int flags, struct ep_group *group, u32 slots);

#endif /* XPOLL_FILE_H */
