/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The functions that take the place of epoll's own if the descriptor is an instance, or if the
 * process creates instances by epoll_create(2). divert.S calls them.
 */
#ifndef XPOLL_CALLS_H
#define XPOLL_CALLS_H

#include <linux/linkage.h>
#include <linux/types.h>

struct epoll_event;
struct epoll_key;
struct file;
struct timespec64;

/*
 * The arguments are those of do_epoll_wait() and do_epoll_ctl(), which are found by their names
 * only: @events is the user's array, checked by nobody yet; @to is the absolute time of the host's
 * clock at which the timeout expires, {0, 0} for no wait, NULL for one without limit; @epds is a
 * copy in the kernel, of which nothing is valid for EPOLL_CTL_DEL; with @nonblock a call that
 * would wait for a mutex fails with EAGAIN. @instance is what xp_decide() returned.
 */
asmlinkage long xp_do_epoll_wait(int epfd, struct epoll_event __user *events, int maxevents,
				 struct timespec64 *to, unsigned long instance);
asmlinkage int xp_do_epoll_ctl(int epfd, int op, int fd, struct epoll_event *epds, bool nonblock,
			       unsigned long instance);

/*
 * In place of do_epoll_ctl_file(), which io_uring calls where there is one. The caller holds both
 * files: the instance's and, in @key with its descriptor, the one to watch.
 */
asmlinkage int xp_do_epoll_ctl_file(struct file *epfile, int op, struct epoll_key *key,
				    struct epoll_event *epds, bool nonblock);

/*
 * In place of epoll_sendevents(), which io_uring calls where there is one, to take events without a
 * wait. The caller holds the instance's file.
 */
asmlinkage int xp_epoll_sendevents(struct file *file, struct epoll_event __user *events,
				   int maxevents);

/* Does the caller create an instance of xpoll? If so, it holds the module from here on. */
asmlinkage bool xp_decide_create(void);
/* The caller holds the module, which this lets go. */
asmlinkage int xp_do_epoll_create(int flags);

#endif /* XPOLL_CALLS_H */
