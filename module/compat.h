/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What differs between the kernels that xpoll builds for, and nothing else.
 *
 * Each difference is found by a test of the target's headers (a macro here, or
 * XP_HAVE_* from a probe in Kbuild), not by its version: distributions backport.
 */
#ifndef XPOLL_COMPAT_H
#define XPOLL_COMPAT_H

#include <linux/bug.h>
#include <linux/fs.h>
#include <linux/file.h>
#include <linux/ftrace.h>

#include "eventpoll.h"

/*
 * Takes a reference to @file unless its count is zero already, which it is from the
 * last fput() on. The caller makes sure that the memory behind @file is still
 * this file's.
 */
static inline bool xp_file_get_live(struct file *file)
{
#ifdef XP_HAVE_F_COUNT
	return atomic_long_inc_not_zero(&file->f_count);
#else	/* struct file has a file_ref_t since 6.13 */
	return get_file_active(&file);
#endif
}

/*
 * Drops a reference to @file unless it is the last one, which the caller keeps. Return:
 * whether it was the last.
 */
static inline bool xp_file_put_keep_last(struct file *file)
{
#ifdef XP_HAVE_F_COUNT
	/*
	 * Cheaper than a look before each drop. Nobody takes a reference from a count of
	 * zero, nor writes it, so the caller may set it.
	 */
	if (likely(!atomic_long_dec_and_test(&file->f_count)))
		return false;
	atomic_long_set(&file->f_count, 1);
	return true;
#else
	/*
	 * A file_ref_t counts the references beyond the first. A task that fails to take
	 * a reference from a dead one writes it, so the count must not go through that.
	 */
	return atomic_long_dec_if_positive(&file->f_ref.refcnt) < 0;
#endif
}

/*
 * If @condition is true, data is corrupt: warn, or BUG() if the kernel is configured so.
 * Since 6.15 the kernel also says what memory @addr lies in.
 */
#ifdef XP_HAVE_DATA_CORRUPTION_ADDR
#define XP_CHECK_DATA_CORRUPTION(condition, addr, text) \
	CHECK_DATA_CORRUPTION(condition, addr, text)
#else
#define XP_CHECK_DATA_CORRUPTION(condition, addr, text) \
	CHECK_DATA_CORRUPTION(condition, text)
#endif

/*
 * What native epoll returns for an ioctl that it does not know. Since 6.9 it has two of its
 * own, for busy polling; this is what they return in a kernel without CONFIG_NET_RX_BUSY_POLL.
 */
static inline long xp_native_ioctl(unsigned int cmd)
{
#ifdef EPIOCSPARAMS
	return cmd == EPIOCSPARAMS || cmd == EPIOCGPARAMS ? -EOPNOTSUPP : -EINVAL;
#else
	return -ENOTTY;
#endif
}

#ifndef fd_file
/* What a struct fd refers to; it has had its file packed with flags since 6.12. */
#define fd_file(f) ((f).file)
#endif

#ifdef XP_HAVE_DIRECT_MULTI

/*
 * Until 6.4 the calls for a set of functions had a name of their own. And until
 * 6.2 the handler that ftrace puts into @ops looks the trampoline up in a table
 * that may be replaced under its feet when many direct calls are registered
 * elsewhere, so @handler, which knows the trampoline, takes its place.
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

#endif /* XPOLL_COMPAT_H */
