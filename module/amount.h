/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How much a file has to give: the bytes that can be read, or the connections that can be accepted.
 *
 * The caller holds a reference to the file. That keeps its socket, and the socket's @sk, which a
 * protocol changes in the last close only. The socket's lock is not taken, since its holder may
 * copy data to user space for any time, so each field is read once, and the fields may be of
 * different moments.
 *
 * An established TCP connection is the usual case, and the code for it is inline: 20 guest
 * instructions for each event on 6.1.
 */
#ifndef XPOLL_AMOUNT_H
#define XPOLL_AMOUNT_H

#include <linux/fs.h>
#include <linux/net.h>
#include <linux/tcp.h>
#include <net/inet_sock.h>
#include <net/sock.h>
#include <net/tcp_states.h>

/**
 * struct xp_socket_types - what tells the kind of a socket [constant after load; NULL: none is]
 * @files: operations of each socket's file
 * @tcp: protocol of each IPv4 socket of TCP that nobody but TCP reads: kernel TLS and maps of
 *	sockets replace it
 * @tcp6: the same of IPv6
 */
struct xp_socket_types {
	const struct file_operations *files;
	const struct proto *tcp;
	const struct proto *tcp6;
};

extern struct xp_socket_types xp_socket_types;

void xp_amount_init(void);

/* The amount of a socket that is no established TCP connection, or that has urgent data. */
u32 xp_amount_other(struct sock *sk);
/* The amount of a file that is no socket, as far as it is known. */
u32 xp_amount_of_file(struct file *file);

static __always_inline bool xp_is_plain_tcp(const struct sock *sk)
{
	const struct proto *prot = READ_ONCE(sk->sk_prot);

	return prot == xp_socket_types.tcp || prot == xp_socket_types.tcp6;
}

/*
 * The bytes of a TCP connection whose sequence numbers are set. @copied_seq is read first, and both
 * only grow, so the difference is not negative.
 */
static __always_inline u32 xp_amount_tcp(const struct tcp_sock *tp)
{
	/* see MEMORY ORDER in eventpoll.h */
	u32 copied = smp_load_acquire(&tp->copied_seq);

	return READ_ONCE(tp->rcv_nxt) - copied;
}

/* Return: the amount, or XPOLL_AMOUNT_UNKNOWN. */
static __always_inline u32 xp_amount(struct file *file)
{
	const struct socket *socket;
	struct sock *sk;

	if (unlikely(file->f_op != xp_socket_types.files))
		return xp_amount_of_file(file);
	socket = READ_ONCE(file->private_data);
	sk = READ_ONCE(socket->sk);
	if (unlikely(!sk) || !xp_is_plain_tcp(sk) || inet_sk_state_load(sk) != TCP_ESTABLISHED ||
	    unlikely(READ_ONCE(tcp_sk(sk)->urg_data)))
		return xp_amount_other(sk);
	return xp_amount_tcp(tcp_sk(sk));
}

#endif /* XPOLL_AMOUNT_H */
