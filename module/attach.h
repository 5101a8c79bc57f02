/* SPDX-License-Identifier: GPL-2.0-only */
/* Hooks on epoll's own system calls, so that they take instances. */
#ifndef XPOLL_ATTACH_H
#define XPOLL_ATTACH_H

#include <linux/types.h>

void xp_attach_init(void);
/* There is no instance, and nobody can ask any longer. */
void xp_attach_exit(void);

/*
 * Attach the hooks, all or none, unless they are. Return: 0; -EOPNOTSUPP if the parameter
 * forbids it, or if an attempt failed: for as long as xp_attempt_make() says; -ENOMEM; or -EINTR.
 * Logs the reason of a failure.
 */
int xp_attach(void);
/* Are they attached? They stay so until the module is unloaded. */
bool xp_attached(void);

#endif /* XPOLL_ATTACH_H */
