/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XPOLL_HOOK_H
#define XPOLL_HOOK_H

#include "epitem.h"

/*
 * Hook @epi to its file's wait queues and store what is ready in @revents. From here on the
 * callback may run. The caller holds the instance's mutex and a reference to the file.
 *
 * Return: 0 or -ENOMEM, after which the caller removes the item.
 */
int xp_epitem_hook(struct epitem *epi, __poll_t *revents);

#endif /* XPOLL_HOOK_H */
