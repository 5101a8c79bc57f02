/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The list of all instances, which root reads as xpoll/instances in debugfs. A kernel without
 * debugfs has neither the file nor the list.
 */
#ifndef XPOLL_INSTANCES_H
#define XPOLL_INSTANCES_H

struct eventpoll;

#ifdef CONFIG_DEBUG_FS

/*
 * Called after the last step of loading that can fail: a task that has opened the file holds the
 * module, so loading could not be undone.
 */
void xp_instances_init(void);
/* No task is in the file's functions afterwards. */
void xp_instances_exit(void);

/* @ep, which the caller creates, is listed until xp_instances_del(). */
void xp_instances_add(struct eventpoll *ep);
/* @ep, whose file has its last close, is listed no more. */
void xp_instances_del(struct eventpoll *ep);

#else

static inline void xp_instances_init(void)
{
}

static inline void xp_instances_exit(void)
{
}

static inline void xp_instances_add(struct eventpoll *ep)
{
}

static inline void xp_instances_del(struct eventpoll *ep)
{
}

#endif /* CONFIG_DEBUG_FS */

#endif /* XPOLL_INSTANCES_H */
