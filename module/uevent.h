/* SPDX-License-Identifier: GPL-2.0-only */
/* Stores an event in the caller's array. */
#ifndef XPOLL_UEVENT_H
#define XPOLL_UEVENT_H

#include "eventpoll.h"
#include "uaccess.h"

/* @uevent lies in an array that passed access_ok(). */
static inline int xp_put_event(struct epoll_event __user *uevent, __poll_t revents, u64 data)
{
	if (!xp_user_write_begin(uevent, sizeof(*uevent)))
		return -EFAULT;
	unsafe_put_user(revents, &uevent->events, fault);
	unsafe_put_user(data, &uevent->data, fault);
	xp_user_write_end();
	return 0;
fault:
	xp_user_write_end();
	return -EFAULT;
}

#endif /* XPOLL_UEVENT_H */
