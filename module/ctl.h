/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XPOLL_CTL_H
#define XPOLL_CTL_H

#include <linux/compiler_types.h>

struct eventpoll;
struct file;

/* XPOLL_IOC_CTL on the instance @ep, whose file is @epfile. Return: 0 or -errno. */
long xp_ctl(struct eventpoll *ep, struct file *epfile, void __user *argp);

#endif /* XPOLL_CTL_H */
