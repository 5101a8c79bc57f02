/* SPDX-License-Identifier: GPL-2.0-only */
/* The changes of XPOLL_IOC_ENTER. */
#ifndef XPOLL_CHANGES_H
#define XPOLL_CHANGES_H

#include <linux/compiler_types.h>
#include <linux/types.h>

struct file;
struct xpoll_enter;

/*
 * Make the changes of @args, which has been checked and was read from @to, and store their
 * results and the two counts in user space. @stopped: whether XPOLL_ENTER_STOP ended them.
 *
 * Return: the number of events that were stored at the start of the events' array; -EFAULT; or
 * -EINTR if the task is being killed. After an error no event has left the instance.
 */
int xp_changes_make(struct file *epfile, const struct xpoll_enter *args,
		    struct xpoll_enter __user *to, bool *stopped);

#endif /* XPOLL_CHANGES_H */
