/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A hook on a kernel function: ftrace calls a trampoline of ours directly at the function's entry,
 * in the context of the function's caller.
 */
#ifndef XPOLL_FTRACEHOOK_H
#define XPOLL_FTRACEHOOK_H

#include <linux/types.h>

struct xp_ftrace_call;

/**
 * struct xp_ftrace_hook - a hook on a kernel function
 * @function: the function's name
 * @trampoline: what ftrace calls; returns into the function by an ordinary RET
 * @call: what ftrace has registered while the hook is attached
 */
struct xp_ftrace_hook {
	const char *function;
	void (*trampoline)(void);
	struct xp_ftrace_call *call;
};

/* Hold ftrace on. Return: 0 or -errno; logs the reason of an error. */
int xp_ftrace_init(void);
/* All hooks are detached, and no task runs a trampoline. */
void xp_ftrace_exit(void);

/*
 * Return: 0; -EBUSY if another direct call is at the function; -EINVAL if there is no such
 * function; -ENOMEM; or another error of ftrace. Logs the reason.
 */
int xp_ftrace_attach(struct xp_ftrace_hook *hook);

/* Afterwards tasks may still run the trampoline: synchronize_rcu_tasks() waits for them. */
void xp_ftrace_detach(struct xp_ftrace_hook *hook);

/*
 * After that: wait until no task executes the code that the trampoline calls. A task raises
 * @inflight before it sleeps in that code, and drops it after that.
 */
void xp_ftrace_wait(const atomic_t *inflight);

#endif /* XPOLL_FTRACEHOOK_H */
