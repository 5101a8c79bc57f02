/* SPDX-License-Identifier: MIT */
#include <xpoll/xpoll.h>

#include "device.h"

int xpoll_features(struct xpoll_features* features) {
  return xpoll_device_ioctl(XPOLL_IOC_FEATURES, features);
}
