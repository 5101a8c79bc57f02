/* SPDX-License-Identifier: MIT */
#ifndef XPOLL_CREATE_H
#define XPOLL_CREATE_H

#include <stdint.h>

/* A group that instances are counted in. */
struct xpoll_group {
  uint32_t number; /* XPOLL_IOC_GROUP, 0 for none */
  uint64_t key;    /* XPOLL_IOC_KEY, 0 for none: needed in a group of another user's */
};

/* xpoll_create1(), with its flags, of an instance that is counted in a group. */
int xpoll_create_in_group(int flags, struct xpoll_group group);

/* xpoll_create1() of an instance with a ready ring of this many slots. */
int xpoll_create_with_ring(int flags, uint32_t slots);

#endif /* XPOLL_CREATE_H */
