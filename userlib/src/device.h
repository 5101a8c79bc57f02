/* SPDX-License-Identifier: MIT */
#ifndef XPOLL_DEVICE_H
#define XPOLL_DEVICE_H

/*
 * Opens /dev/xpoll, calls use() with it, and closes it unless use() made its descriptor something
 * to keep and stored -1. Returns what use() does, or -1 if the device can't be opened. Not a
 * cancellation point.
 */
int xpoll_with_device(int (*use)(int* device, void* arg), void* arg);

#endif /* XPOLL_DEVICE_H */
