/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XPOLL_SOCKOF_H
#define XPOLL_SOCKOF_H

#include <linux/net.h>

/* Return: the struct sock of @file, which has not been released; NULL if there is none. */
static inline struct sock *xp_sock_of(struct file *file)
{
	const struct socket *socket = sock_from_file(file);

	return socket ? READ_ONCE(socket->sk) : NULL;
}

#endif /* XPOLL_SOCKOF_H */
