/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XPOLL_HOOK_H
#define XPOLL_HOOK_H

#include "epitem.h"

/*
 * Add @epi to its file's wait queues, after which its callback may run, and store in
 * @revents what is ready. The caller holds the instance's mutex and a reference to the
 * file.
 *
 * Return: 0, or -ENOMEM; then the caller removes the item.
 */
int xp_epitem_hook(struct epitem *epi, __poll_t *revents);

#endif /* XPOLL_HOOK_H */
