// SPDX-License-Identifier: GPL-2.0-only
// A program of another type.
#include <xpoll/wake.bpf.h>

SEC("socket")
int filter(struct __sk_buff* skb) { return 0; }

char LICENSE[] SEC("license") = "GPL";
