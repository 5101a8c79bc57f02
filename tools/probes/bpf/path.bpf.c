// SPDX-License-Identifier: GPL-2.0-only
/*
 * Follows an event from the packet to the task that waited for it. Each stage looks up the state
 * that earlier stages left, by the key that it knows: the packet (skb) up to
 * tcp_rcv_established(), then the socket (sk), then instance and socket, and finally the waiting
 * task. Each has its own file:
 *
 *	path_packet -> path_socket -> path_callback -> path_task -> path_delivery
 *
 * Each kernel function has two probes, fentry and kprobe, and the tool loads one of them. fentry
 * programs read the arguments directly, kprobe programs through helpers; both then call the same
 * inline function.
 */
#include "probes/bpf/path_delivery.bpf.h"

char LICENSE[] SEC("license") = "GPL";
