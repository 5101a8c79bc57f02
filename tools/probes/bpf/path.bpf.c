// SPDX-License-Identifier: GPL-2.0-only
/*
 * Follows an event from the packet to the task that waited for it. Each stage finds what the stages
 * before it left by what it is handed: the packet (skb) as far as tcp_rcv_established(), then the
 * socket (sk), then the instance and the socket, and last the waiting task. A file for each:
 *
 *	path_packet -> path_socket -> path_callback -> path_task -> path_delivery
 *
 * A kernel function has two probes, fentry and kprobe, of which the program loads one. The first
 * reads its arguments by itself, the second by calls of a helper: so they do, and share the rest.
 */
#include "probes/bpf/path_delivery.bpf.h"

char LICENSE[] SEC("license") = "GPL";
