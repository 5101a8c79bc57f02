/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XPOLL_ENTER_H
#define XPOLL_ENTER_H

#include <linux/compiler_types.h>

struct file;
struct xpoll_enter;

/* XPOLL_IOC_ENTER on the instance of @epfile. Return: the number of events or -errno. */
long xp_enter(struct file *epfile, struct xpoll_enter __user *uargs);

#endif /* XPOLL_ENTER_H */
