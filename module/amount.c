// SPDX-License-Identifier: GPL-2.0-only
#include <linux/file.h>
#include <linux/skbuff.h>
#include <linux/udp.h>

#include <linux/xpoll.h>

#include "amount.h"
#include "sockof.h"

struct xp_socket_types xp_socket_types __ro_after_init;

/*
 * A connection that begins or ends, or that has urgent data; or a listening socket. Before the
 * handshake is done the sequence numbers say nothing, or with Fast Open too little. A FIN counts as
 * a byte of @rcv_nxt, and SOCK_DONE tells that it came. A read stops at the mark of urgent data,
 * unless that is to be read in line, and what is behind the mark has no event of its own: so a
 * number of bytes would mislead code that stops after as many.
 */
static u32 xp_amount_tcp_rare(const struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	/* an acquire: see MEMORY ORDER in eventpoll.h */
	int state = inet_sk_state_load(sk);
	u32 amount;

	if (state == TCP_LISTEN)
		return READ_ONCE(sk->sk_ack_backlog);
	if ((1 << state) & (TCPF_SYN_SENT | TCPF_SYN_RECV))
		return XPOLL_AMOUNT_UNKNOWN;
	if (READ_ONCE(tp->urg_data) && !sock_flag(sk, SOCK_URGINLINE))
		return XPOLL_AMOUNT_UNKNOWN;
	amount = xp_amount_tcp(tp);
	if (amount && sock_flag(sk, SOCK_DONE))
		amount--;
	return amount;
}

/*
 * The length of the first datagram in @queue. The lock protects the datagram, which the owner of
 * the socket may free; it is held for a few instructions, and not waited for.
 */
static u32 xp_amount_first(struct sk_buff_head *queue)
{
	u32 amount = XPOLL_AMOUNT_UNKNOWN;
	const struct sk_buff *skb;

	if (skb_queue_empty_lockless(queue) || !spin_trylock_bh(&queue->lock))
		return amount;
	skb = skb_peek(queue);
	if (skb)
		amount = skb->len;
	spin_unlock_bh(&queue->lock);
	return amount;
}

/*
 * A reader moves all datagrams to its own queue when that is empty, with the locks of both. So the
 * first one is there, or if that is empty under the other queue's lock, in the other one.
 */
static u32 xp_amount_udp(struct sock *sk)
{
	struct sk_buff_head *first = &udp_sk(sk)->reader_queue, *queue = &sk->sk_receive_queue;
	u32 amount = XPOLL_AMOUNT_UNKNOWN;

	if (!skb_queue_empty_lockless(first))
		return xp_amount_first(first);
	if (skb_queue_empty_lockless(queue) || !spin_trylock_bh(&queue->lock))
		return amount;
	if (skb_queue_empty_lockless(first) && !skb_queue_empty(queue))
		amount = skb_peek(queue)->len;
	spin_unlock_bh(&queue->lock);
	return amount;
}

static u32 xp_amount_unix(struct sock *sk)
{
	if (READ_ONCE(sk->sk_state) == TCP_LISTEN)
		return skb_queue_len_lockless(&sk->sk_receive_queue);
	/* the bytes of a stream are those of all buffers in the queue, which may be many */
	return sk->sk_type == SOCK_STREAM ? XPOLL_AMOUNT_UNKNOWN :
					    xp_amount_first(&sk->sk_receive_queue);
}

/* Family, type and protocol are constant. */
u32 xp_amount_other(struct sock *sk)
{
	/* no socket; or another protocol has taken over the data */
	if (!sk || READ_ONCE(sk->sk_prot) != sk->sk_prot_creator)
		return XPOLL_AMOUNT_UNKNOWN;
	switch (sk->sk_family) {
	case AF_UNIX:
		return xp_amount_unix(sk);
	case AF_INET:
	case AF_INET6:
		if (sk->sk_type == SOCK_STREAM && sk->sk_protocol == IPPROTO_TCP)
			return xp_amount_tcp_rare(sk);
		if (sk->sk_type == SOCK_DGRAM && sk->sk_protocol == IPPROTO_UDP)
			return xp_amount_udp(sk);
	}
	return XPOLL_AMOUNT_UNKNOWN;
}

u32 xp_amount_of_file(struct file *file)
{
	struct sock *sk = xp_sock_of(file);

	return sk ? xp_amount_other(sk) : XPOLL_AMOUNT_UNKNOWN;
}

/* Return: the protocol of a new socket of TCP, or NULL. */
static const struct proto *__init xp_tcp_of(int family)
{
	const struct proto *prot;
	struct socket *socket;

	if (sock_create_kern(&init_net, family, SOCK_STREAM, IPPROTO_TCP, &socket))
		return NULL;
	prot = socket->sk->sk_prot;
	sock_release(socket);
	return prot;
}

static const struct file_operations *__init xp_socket_file_operations(void)
{
	const struct file_operations *operations;
	struct socket *socket;
	struct file *file;

	if (sock_create_kern(&init_net, AF_UNIX, SOCK_DGRAM, 0, &socket))
		return NULL;
	/* takes the socket over, or releases it */
	file = sock_alloc_file(socket, 0, NULL);
	if (IS_ERR(file))
		return NULL;
	operations = file->f_op;
	fput(file);
	return operations;
}

/* Without a socket of a family the amounts of its sockets take longer. */
void __init xp_amount_init(void)
{
	xp_socket_types.files = xp_socket_file_operations();
	xp_socket_types.tcp = xp_tcp_of(AF_INET);
	xp_socket_types.tcp6 = xp_tcp_of(AF_INET6);
}
