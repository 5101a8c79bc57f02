/* SPDX-License-Identifier: MIT */
#ifndef XPOLL_CREATE_H
#define XPOLL_CREATE_H

#include <stdint.h>

/* xpoll_create1() of an instance that is counted in a group (XPOLL_IOC_GROUP; 0 for none). */
int xpoll_create_in_group(int flags, uint32_t group);

#endif /* XPOLL_CREATE_H */
