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
 * @test: whether the hook, which is attached, works: 0 or an error. Return: 0; -ENOMEM; -EBUSY if
 * one of the functions that would do has another direct call, and the others won't do; or the
 * error of ftrace or of @test. Logs the reason of an error.
 */
int xp_fdclose_init(int (*test)(void));

/* Afterwards no close executes the module's code. */
void xp_fdclose_exit(void);

#endif /* XPOLL_FDCLOSE_H */
