/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XPOLL_CALLTEST_H
#define XPOLL_CALLTEST_H

/* Do calls arrive through each of the hooks? Return: 0 or -errno; logs the reason of an error. */
int xp_calltest(void);

#endif /* XPOLL_CALLTEST_H */
