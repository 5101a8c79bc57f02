/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Instances that watch instances: no cycles, no long chains, no file with so many
 * ways up that waking it would take for ever.
 */
#ifndef XPOLL_NEST_H
#define XPOLL_NEST_H

#include <linux/mutex.h>

struct epitem;
struct eventpoll;
struct file;

/* Links from instance to instance in one chain. */
#define EP_MAX_NESTS 4

extern struct mutex xp_nest_mutex;

/* May @ep watch @inner? Under xp_nest_mutex. Return: 0 or -ELOOP. */
int xp_nest_check_depth(struct eventpoll *ep, struct eventpoll *inner);

/*
 * The watch of @file was just linked; may it stay? Under xp_nest_mutex and the
 * watching instance's mutex. Return: 0 or -EINVAL.
 */
int xp_nest_check_paths(const struct file *file);

#endif /* XPOLL_NEST_H */
