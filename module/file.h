/* SPDX-License-Identifier: GPL-2.0-only */
/* An instance's file. */
#ifndef XPOLL_FILE_H
#define XPOLL_FILE_H

struct ep_group;

/*
 * @flags: XPOLL_CLOEXEC; XPOLL_CREATE_CLOSE_REMOVES if the hook on each close is attached
 *
 * Return: a new descriptor of a new instance in @group (or NULL), or -errno. Takes over the
 * caller's reference to @group, even if it fails.
 */
int xp_eventpoll_open(int flags, struct ep_group *group);

#endif /* XPOLL_FILE_H */
