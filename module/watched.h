/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The table of watched files: which items watch a file, by struct file *.
 *
 * One table for all instances. It answers two questions: does anybody watch the
 * file that is being closed (lastclose.c), and who watches this instance (nest.c).
 * It resizes itself, so that a close that has nothing to do with xpoll pays the
 * same however many watches there are.
 *
 * The file is a key here and never followed.
 */
#ifndef XPOLL_WATCHED_H
#define XPOLL_WATCHED_H

struct epitem;
struct file;
struct rhlist_head;

int xp_watched_init(void);
void xp_watched_exit(void);

/* Under the mutex of the item's instance. Return: 0 or -ENOMEM. */
int xp_watched_add(struct epitem *epi);
void xp_watched_del(struct epitem *epi);

/* The items that watch @file, for rhl_for_each_entry_rcu(); under RCU. */
struct rhlist_head *xp_watched_lookup(const struct file *file);

#endif /* XPOLL_WATCHED_H */
