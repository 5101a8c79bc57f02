/* SPDX-License-Identifier: GPL-2.0-only */
/* Differences between kernels in ftrace's direct calls. As compat.h. */
#ifndef XPOLL_COMPAT_FTRACE_H
#define XPOLL_COMPAT_FTRACE_H

#include <linux/ftrace.h>

#ifdef XP_HAVE_DIRECT_MULTI

/*
 * Until 6.4 the interface for several functions is separate (*_direct_multi). Until 6.2
 * the handler that ftrace puts into @ops looks up the trampoline in a table, which may be
 * freed meanwhile if others register many direct calls. So @handler, which knows the
 * trampoline, replaces it.
 */
static inline int xp_ftrace_attach_direct(struct ftrace_ops *ops, unsigned long trampoline,
					  ftrace_func_t handler)
{
	int err = register_ftrace_direct_multi(ops, trampoline);

	if (!err)
		WRITE_ONCE(ops->func, handler);
	return err;
}

static inline int xp_ftrace_detach_direct(struct ftrace_ops *ops, unsigned long trampoline)
{
	return unregister_ftrace_direct_multi(ops, trampoline);
}

#else

static inline int xp_ftrace_attach_direct(struct ftrace_ops *ops, unsigned long trampoline,
					  ftrace_func_t handler)
{
	return register_ftrace_direct(ops, trampoline);
}

static inline int xp_ftrace_detach_direct(struct ftrace_ops *ops, unsigned long trampoline)
{
	return unregister_ftrace_direct(ops, trampoline, false);
}

#endif /* XP_HAVE_DIRECT_MULTI */

#endif /* XPOLL_COMPAT_FTRACE_H */
