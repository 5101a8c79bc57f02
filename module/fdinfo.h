/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XPOLL_FDINFO_H
#define XPOLL_FDINFO_H

struct file;
struct seq_file;

/* ->show_fdinfo() of an instance's file. */
void xp_fdinfo_show(struct seq_file *m, struct file *file);

#endif /* XPOLL_FDINFO_H */
