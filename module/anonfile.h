/* SPDX-License-Identifier: GPL-2.0-only */
/* Recognizes files whose file operations the kernel does not export. */
#ifndef XPOLL_ANONFILE_H
#define XPOLL_ANONFILE_H

#include <linux/fs.h>
#include <linux/magic.h>
#include <linux/string.h>

/* Is @file one on the anonymous inode, with the name @name, a literal? */
static __always_inline bool xp_is_anon_file(const struct file *file, const char *name)
{
	const struct dentry *dentry = file->f_path.dentry;

	/* check this first: names in other file systems may change while they are read */
	if (dentry->d_sb->s_magic != ANON_INODE_FS_MAGIC)
		return false;
	return dentry->d_name.len == strlen(name) &&
	       !memcmp(dentry->d_name.name, name, strlen(name));
}

#endif /* XPOLL_ANONFILE_H */
