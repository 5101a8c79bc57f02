/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The processes that create instances by epoll_create(2). They have opted in, or a process has from
 * which they descend by fork. A set-uid exec, or any other that raises privileges, ends it.
 */
#ifndef XPOLL_PROCESS_H
#define XPOLL_PROCESS_H

#include <linux/types.h>

struct ep_group;

/* How many there are. The trampoline on do_epoll_create() tests it. */
extern atomic_t xp_processes;

/* Follow forks, execs and exits from now on. Return: 0 or -errno; logs the reason of an error. */
int xp_process_start(void);
/* No task asks any longer. Does nothing if xp_process_start() did not succeed. */
void xp_process_stop(void);

/*
 * Opt the caller's process in. Its instances join @group (or NULL), whose reference this takes
 * over, and are created with @flags: XPOLL_CREATE_CLOSE_REMOVES or 0. Return: whether it was in
 * before, or -errno.
 */
int xp_process_opt_in(struct ep_group *group, int flags);
/* While xp_attached(), as xp_process_opt_in(). Return: whether it was in before. */
bool xp_process_opt_out(void);
/* Is the caller's process in? This and the next one run in a hook, or while xp_attached(). */
bool xp_process_opted(void);
/*
 * Return: the group that it creates instances in, with a reference, or NULL. Store in @flags with
 * what it creates them.
 */
struct ep_group *xp_process_group(int *flags);

#endif /* XPOLL_PROCESS_H */
