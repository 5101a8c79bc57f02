/* SPDX-License-Identifier: GPL-2.0-only */
/* Differences between kernels in struct file and struct fd. As compat.h. */
#ifndef XPOLL_COMPAT_FILE_H
#define XPOLL_COMPAT_FILE_H

#include <linux/file.h>
#include <linux/fs.h>

/*
 * Take a reference to @file unless its count is zero, which it is once the final fput has
 * begun. The caller makes sure that @file is not freed. Return: whether it took one.
 */
static inline bool xp_file_get_live(struct file *file)
{
#ifdef XP_HAVE_F_COUNT
	return atomic_long_inc_not_zero(&file->f_count);
#else
	/*
	 * struct file has a file_ref_t since 6.13. get_file_active() writes to a dead count, too,
	 * and all users' scans ask for that of a file that was never open: so look first. A
	 * negative count is dead, or overflowed.
	 */
	return atomic_long_read(&file->f_ref.refcnt) >= 0 && get_file_active(&file);
#endif
}

/* As xp_file_get_live(), without a call of another function. */
static __always_inline bool xp_file_get_live_inline(struct file *file)
{
#ifdef XP_HAVE_F_COUNT
	return atomic_long_inc_not_zero(&file->f_count);
#else	/* as above */
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

/* Since 6.12 a struct fd packs its file with flags. */
#ifndef fd_file
#define fd_file(f) ((f).file)
#define XP_FD_FLAGS(f) ((f).flags)
#define XP_BORROWED_FD(f) ((struct fd) { .file = (f) })
#else
#define XP_FD_FLAGS(f) ((f).word)
#define XP_BORROWED_FD(f) BORROWED_FD(f)
#endif

#endif /* XPOLL_COMPAT_FILE_H */
