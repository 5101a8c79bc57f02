/* SPDX-License-Identifier: GPL-2.0-only */
/* The packet, before its socket is known. */
#ifndef XPOLL_PROBES_BPF_PATH_PACKET_BPF_H
#define XPOLL_PROBES_BPF_PATH_PACKET_BPF_H

#include "vmlinux.h"

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "probes/bpf/mark.bpf.h"
#include "probes/bpf/path_tables.bpf.h"

#define ETH_P_IP 0x0800

/* A packet whose socket is not known yet. */
struct packet {
	struct path_mark received;
	struct path_mark tcp;
	__u16 local_port;
	__u16 remote_port;
	__u16 header_length;
	__u16 ends; /* the packet ends the connection */
};

TABLE(BPF_MAP_TYPE_LRU_HASH, __u64, struct packet) packets SEC(".maps");

SEC("tp_btf/netif_receive_skb")
int BPF_PROG(received, struct sk_buff *skb)
{
	struct packet packet = {};
	__u64 key = (__u64)skb;

	if (skb->protocol != bpf_htons(ETH_P_IP))
		return 0;
	packet.received = mark_now();
	put(&packets, &key, &packet);
	return 0;
}

static __always_inline bool is_wanted(const struct packet *packet)
{
	return !only_port || packet->local_port == only_port || packet->remote_port == only_port;
}

static __always_inline int at_tcp(__u64 skb, const void *data)
{
	struct packet *packet = bpf_map_lookup_elem(&packets, &skb);
	struct tcphdr header = {};

	if (!packet)
		return 0;
	bpf_probe_read_kernel(&header, sizeof(header), data);
	packet->remote_port = bpf_ntohs(header.source);
	packet->local_port = bpf_ntohs(header.dest);
	packet->header_length = header.doff * 4;
	packet->ends = header.fin;
	if (is_wanted(packet))
		packet->tcp = mark_now();
	else
		bpf_map_delete_elem(&packets, &skb);
	return 0;
}

SEC("fentry/tcp_v4_rcv")
int BPF_PROG(tcp_entered, struct sk_buff *skb)
{
	return at_tcp((__u64)skb, skb->data);
}

SEC("kprobe/tcp_v4_rcv")
int BPF_KPROBE(tcp_entered_kprobe, struct sk_buff *skb)
{
	return at_tcp((__u64)skb, BPF_CORE_READ(skb, data));
}

#endif
