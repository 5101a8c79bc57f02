/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The last close of a file, told to us by __fput() before it frees anything.
 *
 * The kernel tells native epoll alone. So the module puts a direct call of ftrace
 * at the entry of a function that __fput() calls for every file, at a point where
 * it may sleep and everything about the file is still in place.
 */
#ifndef XPOLL_LASTCLOSE_H
#define XPOLL_LASTCLOSE_H

/*
 * Return: 0; -EBUSY if ftrace is switched off or every place for the call is taken;
 * or what ftrace returned. Says why in the kernel log.
 */
int xp_lastclose_init(void);

/* Afterwards nobody executes the module's code on behalf of a close. */
void xp_lastclose_exit(void);

#endif /* XPOLL_LASTCLOSE_H */
