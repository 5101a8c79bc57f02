/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A hook on the final fput of every file.
 *
 * __fput() calls native epoll, but has no hook for a module that watches other modules' files.
 * So the module attaches an ftrace direct call to a function that runs in every final fput,
 * before anything of the file is released, in a context that may sleep.
 */
#ifndef XPOLL_LASTCLOSE_H
#define XPOLL_LASTCLOSE_H

/*
 * Return: 0; -EBUSY if each function that would do has another direct call; or the error of
 * ftrace. Logs the reason of an error.
 */
int xp_lastclose_init(void);

/* Afterwards no final fput executes the module's code. */
void xp_lastclose_exit(void);

#endif /* XPOLL_LASTCLOSE_H */
