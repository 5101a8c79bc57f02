/* SPDX-License-Identifier: MIT */
#ifndef XPOLL_FEATURES_H
#define XPOLL_FEATURES_H

#include <linux/xpoll.h>

/* xpoll_features() with the device open. Returns 0 or a negated errno. */
int xpoll_features_of(int device, struct xpoll_features* features);

#endif /* XPOLL_FEATURES_H */
