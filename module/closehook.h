/* SPDX-License-Identifier: GPL-2.0-only */
/* When the hook on each close of a descriptor is attached. */
#ifndef XPOLL_CLOSEHOOK_H
#define XPOLL_CLOSEHOOK_H

#include <linux/types.h>

/*
 * Attach the hook, unless it is. The caller holds no mutex of an instance. Return: 0; -EOPNOTSUPP
 * if the parameter forbids it, or if an attempt failed: for as long as xp_attempt_make() says;
 * -ENOMEM; or -EINTR. Logs the reason of a failure.
 */
int xp_closehook_attach(void);
/* Is it attached? It stays so until the module is unloaded. */
bool xp_closehook_attached(void);
/* There is no instance, and nobody can ask any longer. */
void xp_closehook_exit(void);

#endif /* XPOLL_CLOSEHOOK_H */
