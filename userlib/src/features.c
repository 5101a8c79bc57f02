/* SPDX-License-Identifier: MIT */
#include "features.h"

#include <xpoll/xpoll.h>

#include "device.h"
#include "hints.h"
#include "system_call.h"

int xpoll_features_of(int device, struct xpoll_features* features) {
  int ret = xpoll_ioctl(device, XPOLL_IOC_FEATURES, features);

  if (ret == 0) xpoll_set_hint(&xpoll_calls_hint, features->features & XPOLL_FEATURE_EPOLL_CALLS);
  return ret;
}

static int ask(int* device, void* features) {
  return xpoll_with_errno(xpoll_features_of(*device, features));
}

int xpoll_features(struct xpoll_features* features) { return xpoll_with_device(ask, features); }
