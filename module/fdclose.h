/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A hook on every close of a descriptor, also of one that exec, exit, dup2() or io_uring closes,
 * whether or not the file stays open.
 *
 * The kernel tells nobody of it. But it calls locks_remove_posix() then, after the number was
 * cleared or given to another file, in a context that may sleep.
 */
#ifndef XPOLL_FDCLOSE_H
#define XPOLL_FDCLOSE_H

/*
 * Return: 0; -EBUSY if each function that would do has another direct call; or the error of
 * ftrace. Logs the reason of an error.
 */
int xp_fdclose_init(void);

/* Afterwards no close executes the module's code. */
void xp_fdclose_exit(void);

#endif /* XPOLL_FDCLOSE_H */
