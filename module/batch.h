/* SPDX-License-Identifier: GPL-2.0-only */
/* A batch of changes (changes.c), and its copies from and to user space. */
#ifndef XPOLL_BATCH_H
#define XPOLL_BATCH_H

#include <linux/fs.h>
#include <linux/poll.h>
#include <linux/uaccess.h>

#include <linux/xpoll.h>

struct epitem;
struct eventpoll;

#define XP_BATCH_SIZE 16

/* A ready item on no list, whose event the batch delivers. */
struct pending {
	struct epitem *epi;
	__poll_t revents;
};

/**
 * struct batch - changes that are made under one hold of the mutex
 * @epfile: the instance's file
 * @uevents: the caller's array of events
 * @stop: the first change that fails ends the batch
 * @nr: number of @changes
 * @made: number of those made
 * @failed: number of those failed
 * @room: the most items in @pending: 0 if the batch must not deliver events
 * @npending: number of items in @pending
 * @cookies: there are cookies to store
 * @fds: a bit for each descriptor in @pending, the number modulo 64
 * @pending: the items; they live as long as the mutex is held and no change is made by the same
 *	descriptor
 * @changes: the caller's
 */
struct batch {
	struct file *epfile;
	struct epoll_event __user *uevents;
	bool stop;
	bool cookies;
	unsigned int nr;
	unsigned int made;
	unsigned int failed;
	unsigned int room;
	unsigned int npending;
	u64 fds;
	struct pending pending[XP_BATCH_SIZE];
	struct xpoll_change changes[XP_BATCH_SIZE];
};

static inline struct eventpoll *xp_batch_instance(const struct batch *batch)
{
	return batch->epfile->private_data;
}

/* Reads each change as three words, which are fewer than its fields. */
static __always_inline int xp_changes_read(struct xpoll_change *changes,
					   const struct xpoll_change __user *from, unsigned int nr)
{
	const u64 __user *word = (const u64 __user *)from;
	u64 *to = (u64 *)changes, *end = (u64 *)(changes + nr);

	BUILD_BUG_ON(sizeof(*from) != 3 * sizeof(u64));
	if (!user_read_access_begin(from, nr * sizeof(*from)))
		return -EFAULT;
	for (; to < end; word += 3, to += 3) {
		unsafe_get_user(to[0], &word[0], fault);
		unsafe_get_user(to[1], &word[1], fault);
		unsafe_get_user(to[2], &word[2], fault);
	}
	user_read_access_end();
	return 0;
fault:
	user_read_access_end();
	return -EFAULT;
}

/* No index: UBSAN would check it by a call, which must not be made while user memory is open. */
static inline int xp_batch_store(const struct batch *batch, struct xpoll_change __user *to)
{
	const struct xpoll_change *from = batch->changes, *end = from + batch->made;

	if (!user_write_access_begin(to, batch->made * sizeof(*to)))
		return -EFAULT;
	for (; from < end; from++, to++)
		unsafe_put_user(from->result, &to->result, fault);
	user_write_access_end();
	return 0;
fault:
	user_write_access_end();
	return -EFAULT;
}

static inline bool xp_change_has_cookie(const struct xpoll_change *change)
{
	return (change->flags & XPOLL_CHANGE_COOKIE) && change->op == EPOLL_CTL_ADD &&
	       !change->result;
}

static inline int xp_cookies_store(const struct batch *batch, struct xpoll_change __user *to)
{
	unsigned int i;

	for (i = 0; i < batch->made; i++) {
		const struct xpoll_change *change = &batch->changes[i];

		if (xp_change_has_cookie(change) && put_user(change->data, &to[i].data))
			return -EFAULT;
	}
	return 0;
}

/* What has been done so far, by all batches. */
struct tally {
	u32 done;
	u32 failed;
};

static inline int xp_tally_store(const struct tally *tally, struct xpoll_enter __user *to)
{
	if (!user_write_access_begin(to, sizeof(*to)))
		return -EFAULT;
	unsafe_put_user(tally->done, &to->done, fault);
	unsafe_put_user(tally->failed, &to->failed, fault);
	user_write_access_end();
	return 0;
fault:
	user_write_access_end();
	return -EFAULT;
}

/* Make a change with flags; under the mutex. Return: as xp_ctl_make(), after a nested one. */
int xp_batch_flagged(struct batch *batch, struct xpoll_change *change);

#endif /* XPOLL_BATCH_H */
