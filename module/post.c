// SPDX-License-Identifier: GPL-2.0-only
/*
 * POST: make the instance's own event pending. However often it is called, an instance has one such
 * event, so a caller takes no more memory than that.
 */
#include <linux/err.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "callback.h"
#include "nest.h"
#include "post.h"
#include "removed.h"
#include "ringcall.h"

/* Return: the own event, which another task may have made at the same time; or ERR_PTR(). */
static noinline struct ep_post *xp_post_make(struct eventpoll *ep)
{
	struct ep_post *post = kzalloc(sizeof(*post), GFP_KERNEL_ACCOUNT), *other;
	int err;

	if (!post)
		return ERR_PTR(-ENOMEM);
	/* before anybody finds the event, and without a lock: other posts do not ask */
	err = xp_nest_begin_posts(ep);
	if (err) {
		kfree(post);
		return ERR_PTR(err);
	}
	post->item.file = &xp_no_file;
	post->item.ep = ep;
	post->item.fd = -1;
	post->item.events = EPOLLIN | EPOLLET;
	post->item.next = EP_UNACTIVE_PTR;
	INIT_LIST_HEAD(&post->item.rdllink);
	/* pairs with xp_post() */
	other = cmpxchg(&ep->post, NULL, post);
	if (!other)
		return post;
	kfree(post);
	return other;
}

long xp_post(struct eventpoll *ep, const u64 __user *argp)
{
	struct ep_post *post;
	bool pollers;
	u64 data;

	if (get_user(data, argp))
		return -EFAULT;
	if (unlikely(ep->ring)) {
		xp_ring_post(ep, data);
		return 0;
	}
	/* pairs with xp_post_make() */
	post = smp_load_acquire(&ep->post) ?: xp_post_make(ep);
	if (IS_ERR(post))
		return PTR_ERR(post);

	spin_lock_irq(&ep->wq.lock);
	post->data = data;
	post->pending = true;
	pollers = xp_callback_post(ep, &post->item);
	spin_unlock_irq(&ep->wq.lock);

	if (pollers)
		xp_wake_pollers(ep, NULL, 0);
	return 0;
}
