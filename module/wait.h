/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XPOLL_WAIT_H
#define XPOLL_WAIT_H

#include <linux/compiler_types.h>

struct eventpoll;

/* XPOLL_IOC_WAIT on the instance @ep. Return: the number of events or -errno. */
long xp_wait(struct eventpoll *ep, void __user *argp);

#endif /* XPOLL_WAIT_H */
