/* SPDX-License-Identifier: MIT */
/*
 * One ioctl on /dev/xpoll, opened for it.
 */
#ifndef XPOLL_DEVICE_H
#define XPOLL_DEVICE_H

/* Returns what the ioctl does. Not a cancellation point. */
int xpoll_device_ioctl(unsigned long request, void* arg);

#endif /* XPOLL_DEVICE_H */
