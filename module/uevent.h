/* SPDX-License-Identifier: GPL-2.0-only */
/* Stores an event in the caller's array. */
#ifndef XPOLL_UEVENT_H
#define XPOLL_UEVENT_H

#include <linux/uaccess.h>

#include "eventpoll.h"

/*
 * @uevent lies in an array that passed access_ok(), so user_write_access_begin(), which
 * checks it again, is not needed.
 */
static inline int xp_put_event(struct epoll_event __user *uevent, __poll_t revents, u64 data)
{
	__uaccess_begin_nospec();
	unsafe_put_user(revents, &uevent->events, fault);
	unsafe_put_user(data, &uevent->data, fault);
	__uaccess_end();
	return 0;
fault:
	__uaccess_end();
	return -EFAULT;
}

#endif /* XPOLL_UEVENT_H */
