/* SPDX-License-Identifier: GPL-2.0-only */
/* The socket that receives the packet's data. */
#ifndef XPOLL_PROBES_BPF_PATH_SOCKET_BPF_H
#define XPOLL_PROBES_BPF_PATH_SOCKET_BPF_H

#include "vmlinux.h"

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "probes/bpf/mark.bpf.h"
#include "probes/bpf/path_packet.bpf.h"
#include "probes/bpf/path_tables.bpf.h"

/* The last packet that brought data to a socket. */
struct arrival {
	struct path_mark marks[PATH_ARRIVAL_STAGES];
	__u16 local_port;
	__u16 remote_port;
	__u16 looked_at;  /* polled by a task that is not followed and may have taken the data */
	__u16 after_look; /* the same for the previous arrival */
	__u64 claim;	  /* see claim() */
};

TABLE(BPF_MAP_TYPE_LRU_HASH, __u64, struct arrival) arrivals SEC(".maps");

static __always_inline void arrive(__u64 sk, const struct packet *packet)
{
	const struct arrival *before = bpf_map_lookup_elem(&arrivals, &sk);
	struct arrival arrival = {
		.local_port = packet->local_port,
		.remote_port = packet->remote_port,
		.after_look = before && before->looked_at,
	};

	arrival.marks[PATH_RECEIVED] = packet->received;
	arrival.marks[PATH_TCP] = packet->tcp;
	arrival.marks[PATH_ESTABLISHED] = mark_now();
	put(&arrivals, &sk, &arrival);
}

/*
 * The receive path decides here, and not earlier, whether the packet brings data: while the
 * socket is locked, packets are merged in the backlog, so an ACK may carry the data of the packet
 * behind it. A packet without data changes nothing. The end of the connection discards the last
 * arrival.
 */
static __always_inline int at_established(__u64 sk, __u64 skb, __u32 length)
{
	const struct packet *packet = bpf_map_lookup_elem(&packets, &skb);

	/* tcp_v4_rcv() was not probed for it, or ignored it */
	if (!packet)
		return 0;
	if (length > packet->header_length)
		arrive(sk, packet);
	else if (packet->ends)
		bpf_map_delete_elem(&arrivals, &sk);
	bpf_map_delete_elem(&packets, &skb);
	return 0;
}

SEC("fentry/tcp_rcv_established")
int BPF_PROG(established_entered, struct sock *sk, struct sk_buff *skb)
{
	return at_established((__u64)sk, (__u64)skb, skb->len);
}

SEC("kprobe/tcp_rcv_established")
int BPF_KPROBE(established_entered_kprobe, struct sock *sk, struct sk_buff *skb)
{
	return at_established((__u64)sk, (__u64)skb, BPF_CORE_READ(skb, len));
}

static __always_inline int at_readable(__u64 sk)
{
	struct arrival *arrival = bpf_map_lookup_elem(&arrivals, &sk);

	if (!arrival)
		return 0;
	/* a second wake-up for one packet: its data took a path that is not followed */
	if (arrival->marks[PATH_READABLE].ns)
		bpf_map_delete_elem(&arrivals, &sk);
	else
		arrival->marks[PATH_READABLE] = mark_now();
	return 0;
}

SEC("fentry/sock_def_readable")
int BPF_PROG(readable_entered, struct sock *sk)
{
	return at_readable((__u64)sk);
}

SEC("kprobe/sock_def_readable")
int BPF_KPROBE(readable_entered_kprobe, struct sock *sk)
{
	return at_readable((__u64)sk);
}

#endif
