/* SPDX-License-Identifier: GPL-2.0-only */
/* The signal mask of a wait. */
#ifndef XPOLL_SIGMASK_H
#define XPOLL_SIGMASK_H

#include <linux/sched/signal.h>
#include <linux/signal.h>
#include <linux/uaccess.h>

/* Read the mask at @address, if that is not 0. Return: 0, -EINVAL or -EFAULT. */
static inline int xp_sigmask_get(sigset_t *mask, u64 address, u32 size)
{
	if (!address)
		return 0;
	if (size != sizeof(*mask))
		return -EINVAL;
	return copy_from_user(mask, u64_to_user_ptr(address), sizeof(*mask)) ? -EFAULT : 0;
}

/* As set_user_sigmask(): block the signals of the mask while the task waits. */
static inline void xp_sigmask_set(sigset_t *mask)
{
	sigdelsetmask(mask, sigmask(SIGKILL) | sigmask(SIGSTOP));
	set_restore_sigmask();
	sigprocmask(SIG_SETMASK, mask, &current->saved_sigmask);
}

/*
 * Restore the mask, except after a signal: then the return to user space restores it,
 * after it has set up the handler under the mask that the caller asked for.
 */
static inline void xp_sigmask_restore(bool interrupted)
{
	if (!interrupted && test_and_clear_restore_sigmask())
		sigprocmask(SIG_SETMASK, &current->saved_sigmask, NULL);
}

#endif /* XPOLL_SIGMASK_H */
