/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XPOLL_CTL_H
#define XPOLL_CTL_H

#include <linux/compiler_types.h>
#include <linux/types.h>

struct epoll_event;
struct file;

/* XPOLL_IOC_CTL on the instance of @epfile. Return: 0 or -errno. */
long xp_ctl(struct file *epfile, void __user *argp);

/*
 * epoll_ctl(2) on the instance of @epfile. @event is in the kernel, and ignored for EPOLL_CTL_DEL.
 * @nonblock: return -EAGAIN instead of waiting for a mutex. Return: 0 or -errno.
 */
int xp_ctl_call(struct file *epfile, int op, int fd, const struct epoll_event *event,
		bool nonblock);

#endif /* XPOLL_CTL_H */
