/* SPDX-License-Identifier: GPL-2.0-only */
/* When the hook on each close of a descriptor is attached. */
#ifndef XPOLL_CLOSEHOOK_H
#define XPOLL_CLOSEHOOK_H

#include <linux/types.h>

/*
 * Attach the hook, unless it is. The caller holds no mutex of an instance. Return: 0; -EOPNOTSUPP
 * if it can't be attached, for 10 seconds after an attempt that found the functions occupied and
 * for ever after another failure; -ENOMEM; or -EINTR. Logs the reason.
 */
int xp_closehook_attach(void);
/* Is it attached? It stays so until the module is unloaded. */
bool xp_closehook_attached(void);
/* There is no instance, and nobody can ask any longer. */
void xp_closehook_exit(void);

#endif /* XPOLL_CLOSEHOOK_H */
