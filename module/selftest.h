/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XPOLL_SELFTEST_H
#define XPOLL_SELFTEST_H

/* Does the hook on the last close work? Return: 0 or -errno; logs the reason of an error. */
int xp_selftest_lastclose(void);

/* The same of the hook on each close of a descriptor. May be called at any time after load. */
int xp_selftest_fdclose(void);

#endif /* XPOLL_SELFTEST_H */
