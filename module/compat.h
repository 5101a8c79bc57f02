/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Differences between the kernels that xpoll builds for. Elsewhere are only two handlers in
 * ftracehook.c, EPIOCSPARAMS in abi.c and busypoll.c, and which of epoll's functions there are
 * (XP_HAVE_EPOLL_KEY, XP_HAVE_SENDEVENTS). What differs between processors is in arch/.
 *
 * A macro of the kernel's headers, or XP_HAVE_* from a probe of these headers in Kbuild,
 * shows each difference. The version does not, because distributions backport.
 */
#ifndef XPOLL_COMPAT_H
#define XPOLL_COMPAT_H

#include <linux/bug.h>
#include <linux/fs.h>
#include <linux/file.h>
#include <linux/ftrace.h>
#include <linux/mm.h>
#include <linux/sched/mm.h>

#include "eventpoll.h"

/*
 * Take a reference to @file unless its count is zero, which it is once the final fput has
 * begun. The caller makes sure that @file is not freed. Return: whether it took one.
 */
static inline bool xp_file_get_live(struct file *file)
{
#ifdef XP_HAVE_F_COUNT
	return atomic_long_inc_not_zero(&file->f_count);
#else	/* struct file has a file_ref_t since 6.13 */
	return get_file_active(&file);
#endif
}

/* As xp_file_get_live(), without a call of another function. */
static __always_inline bool xp_file_get_live_inline(struct file *file)
{
#ifdef XP_HAVE_F_COUNT
	return atomic_long_inc_not_zero(&file->f_count);
#else	/* negative: a dead count, or one that overflowed */
	return atomic_long_inc_unless_negative(&file->f_ref.refcnt);
#endif
}

/*
 * Drop a reference to @file, unless it is the last one, which the caller keeps. Return:
 * whether it is the last one.
 */
static inline bool xp_file_put_keep_last(struct file *file)
{
#ifdef XP_HAVE_F_COUNT
	/*
	 * This is cheaper than a check before each drop. No other task changes a count of
	 * zero, so this one may set it back.
	 */
	if (likely(!atomic_long_dec_and_test(&file->f_count)))
		return false;
	atomic_long_set(&file->f_count, 1);
	return true;
#else
	/*
	 * A file_ref_t counts the references beyond the first. A task that fails to take
	 * a reference changes a dead count, so a dead count can't be set back as above.
	 */
	return atomic_long_dec_if_positive(&file->f_ref.refcnt) < 0;
#endif
}

/* The initial value of a struct file of which xp_file_get_live() takes no reference. */
#ifdef XP_HAVE_F_COUNT
#define XP_DEAD_FILE { .f_count = ATOMIC_LONG_INIT(0) }
#else
#define XP_DEAD_FILE { .f_ref.refcnt = ATOMIC_LONG_INIT(FILE_REF_DEAD) }
#endif

/*
 * If @condition is true, data is corrupt: warn, or BUG() with CONFIG_BUG_ON_DATA_CORRUPTION.
 * Since 6.15 the kernel also describes the memory at @addr.
 */
#ifdef XP_HAVE_DATA_CORRUPTION_ADDR
#define XP_CHECK_DATA_CORRUPTION(condition, addr, text) \
	CHECK_DATA_CORRUPTION(condition, addr, text)
#else
#define XP_CHECK_DATA_CORRUPTION(condition, addr, text) \
	CHECK_DATA_CORRUPTION(condition, text)
#endif

/*
 * What native epoll returns for an ioctl that it does not know. Since 6.9 it knows two, for
 * busy polling; these return what they do without CONFIG_NET_RX_BUSY_POLL, as xpoll's do then.
 */
static inline long xp_native_ioctl(unsigned int cmd)
{
#ifdef EPIOCSPARAMS
	return cmd == EPIOCSPARAMS || cmd == EPIOCGPARAMS ? -EOPNOTSUPP : -EINVAL;
#else
	return -ENOTTY;
#endif
}

/* Where mmap() puts a mapping of a file without ->get_unmapped_area(). */
static inline unsigned long xp_unmapped_area(struct file *file, unsigned long addr,
					     unsigned long len, unsigned long pgoff,
					     unsigned long flags)
{
#if defined(XP_HAVE_FILE_GET_UNMAPPED_AREA)
	return mm_get_unmapped_area(file, addr, len, pgoff, flags);
#elif defined(XP_HAVE_MM_GET_UNMAPPED_AREA)	/* first in 6.10 */
	return mm_get_unmapped_area(current->mm, file, addr, len, pgoff, flags);
#else
	return current->mm->get_unmapped_area(file, addr, len, pgoff, flags);
#endif
}

/* Set and clear flags of a mapping that ->mmap() sets up. */
static inline void xp_vm_flags_mod(struct vm_area_struct *vma, vm_flags_t set, vm_flags_t clear)
{
#ifdef XP_HAVE_VM_FLAGS_SET
	vm_flags_mod(vma, set, clear);
#else
	vma->vm_flags = (vma->vm_flags | set) & ~clear;
#endif
}

/*
 * Do do_epoll_wait() and do_epoll_ctl() take the arguments that calls.c expects? The timeout is
 * a timespec64 since epoll_pwait2() came, in 5.11. Headers tell no more about static functions.
 */
#if defined(XP_HAVE_DO_EPOLL_CTL) && defined(XP_HAVE_EPOLL_PWAIT2) && defined(XP_HAVE_DECIDERS)
#define XP_EPOLL_CALLS_KNOWN true
#else
#define XP_EPOLL_CALLS_KNOWN false
#endif

/*
 * For a variable that is set as far as it is read, and whose bytes CONFIG_INIT_STACK_ALL_ZERO
 * would clear all the same.
 */
#if __has_attribute(__uninitialized__)
#define XP_UNINITIALIZED __attribute__((__uninitialized__))
#else
#define XP_UNINITIALIZED
#endif

/* Since 6.12 a struct fd packs its file with flags. */
#ifndef fd_file
#define fd_file(f) ((f).file)
#define XP_FD_FLAGS(f) ((f).flags)
#define XP_BORROWED_FD(f) ((struct fd) { .file = (f) })
#else
#define XP_FD_FLAGS(f) ((f).word)
#define XP_BORROWED_FD(f) BORROWED_FD(f)
#endif

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

#endif /* XPOLL_COMPAT_H */
