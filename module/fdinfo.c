// SPDX-License-Identifier: GPL-2.0-only
/* What /proc/PID/fdinfo tells of an instance. */
#include <linux/fs.h>
#include <linux/rbtree.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/seq_file.h>

#include "ended.h"
#include "epitem.h"
#include "fdinfo.h"

/* The most items that are shown under one hold of the mutex. */
#define XP_SHOWN_MAX 64

/* Where to go on: behind what was there. A key, so the file is only compared. */
struct xp_fdinfo_place {
	const struct file *file;
	int fd;
};

/* Show the next items. Return: whether there are more, and room for them. */
static bool xp_fdinfo_show_some(struct seq_file *m, struct eventpoll *ep,
				struct xp_fdinfo_place *place)
{
	struct rb_node *node = xp_epitem_after(ep, place->file, place->fd);
	unsigned int left;

	lockdep_assert_held(&ep->mtx);
	for (left = XP_SHOWN_MAX; left && node && !seq_has_overflowed(m); left--) {
		const struct epitem *epi = rb_entry(node, struct epitem, rbn);
		/* in the table of watched files, hence not freed */
		const struct inode *inode = file_inode(epi->file);

		seq_printf(m, "tfd: %8d events: %8x data: %16llx  pos:%lli ino:%llx sdev:%x\n",
			   epi->fd, (__force u32)READ_ONCE(epi->events), epi->data,
			   epi->file->f_pos, (u64)inode->i_ino, inode->i_sb->s_dev);
		*place = (struct xp_fdinfo_place) { .file = epi->file, .fd = epi->fd };
		node = rb_next(node);
	}
	return node && !seq_has_overflowed(m);
}

/*
 * One line for each item, in the format that proc(5) documents for epoll. Calls of other tasks on
 * the instance wait for a few of them at most. An item that is there all the while is shown once.
 */
void xp_fdinfo_show(struct seq_file *m, struct file *file)
{
	struct xp_fdinfo_place place = { .file = NULL, .fd = INT_MIN };
	struct eventpoll *ep = file->private_data;
	bool more;

	do {
		xp_eventpoll_lock(ep);
		more = xp_fdinfo_show_some(m, ep, &place);
		xp_eventpoll_unlock(ep);
		cond_resched();
	} while (more && !fatal_signal_pending(current));
}
