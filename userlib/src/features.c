/* SPDX-License-Identifier: MIT */
#include <sys/ioctl.h>
#include <xpoll/xpoll.h>

#include "device.h"

static int ask(int device, void* features) { return ioctl(device, XPOLL_IOC_FEATURES, features); }

int xpoll_features(struct xpoll_features* features) { return xpoll_with_device(ask, features); }
