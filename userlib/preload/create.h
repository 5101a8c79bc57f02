/* SPDX-License-Identifier: MIT */
#ifndef XPOLL_PRELOAD_CREATE_H
#define XPOLL_PRELOAD_CREATE_H

/* epoll_create1() and, with a size, epoll_create(). */
int preload_create1(int flags);
int preload_create(int size);

#endif /* XPOLL_PRELOAD_CREATE_H */
