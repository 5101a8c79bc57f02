/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Differences between the kernels that xpoll builds for, apart from those of files, of ftrace and
 * of BPF (compat_file.h, compat_ftrace.h, compat_bpf.h). Elsewhere are only two handlers in
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
#include <linux/mm.h>
#include <linux/sched/mm.h>

#include "eventpoll.h"

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
#else	/* until 6.3 */
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

#endif /* XPOLL_COMPAT_H */
