// SPDX-License-Identifier: GPL-2.0-only
#include <linux/fs.h>
#include <linux/seq_file.h>

#include "epitem.h"

/* A line an item, in the format that proc(5) documents for epoll. */
void xp_fdinfo_show(struct seq_file *m, struct file *file)
{
	struct eventpoll *ep = file->private_data;
	struct rb_node *node;

	mutex_lock(&ep->mtx);
	for (node = rb_first(&ep->rbr); node && !seq_has_overflowed(m); node = rb_next(node)) {
		const struct epitem *epi = rb_entry(node, struct epitem, rbn);
		/* in the table of watched files, hence not freed */
		const struct inode *inode = file_inode(epi->file);

		seq_printf(m, "tfd: %8d events: %8x data: %16llx  pos:%lli ino:%lx sdev:%x\n",
			   epi->fd, (__force u32)epi->events, epi->data, epi->file->f_pos,
			   inode->i_ino, inode->i_sb->s_dev);
	}
	mutex_unlock(&ep->mtx);
}
