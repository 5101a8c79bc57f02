/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Hooks that are attached when somebody first asks for them, and stay. An attempt patches the
 * kernel's text on all processors, and everybody may ask, so after a failure there is none for a
 * while.
 */
#ifndef XPOLL_ATTEMPT_H
#define XPOLL_ATTEMPT_H

#include <linux/ktime.h>
#include <linux/mutex.h>

/**
 * struct xp_attempt - attempts to attach certain hooks
 * @lock: held by the task that makes one
 * @done: one has succeeded [lock; read without it by xp_attempt_done()]
 * @not_before: no attempt before this time: one failed [lock; read without it by xp_attempt_lock()]
 */
struct xp_attempt {
	struct mutex lock; /* @done and @not_before */
	bool done;
	ktime_t not_before;
};

/* The initial value of the variable @name. */
#define XP_ATTEMPT(name) { .lock = __MUTEX_INITIALIZER((name).lock) }

/* Take the lock. Return: 0; -EINTR; or -EOPNOTSUPP if one has failed and another task makes one. */
int xp_attempt_lock(struct xp_attempt *attempt);

/*
 * Attach the hooks by @set_up, unless they are; under the lock. Return: 0; -ENOMEM; or -EOPNOTSUPP
 * if that failed: for 10 seconds after -EBUSY, since the user of an occupied function may go away,
 * and after -ENOSPC, since root's watches, which a test needs, may be used up; until @not_before is
 * cleared after another failure, which will be the same next time. Logs @failed with the reason.
 */
int xp_attempt_make(struct xp_attempt *attempt, int (*set_up)(void), const char *failed);

/* Are the hooks attached? If so, the caller finds what @set_up has set up. */
static inline bool xp_attempt_done(const struct xp_attempt *attempt)
{
	/* pairs with xp_attempt_make() */
	return smp_load_acquire(&attempt->done);
}

#endif /* XPOLL_ATTEMPT_H */
