/* SPDX-License-Identifier: GPL-2.0-only */
/* /dev/xpoll, which creates instances. */
#ifndef XPOLL_DEVICE_H
#define XPOLL_DEVICE_H

int xp_device_init(void);
void xp_device_exit(void);

#endif /* XPOLL_DEVICE_H */
