// SPDX-License-Identifier: GPL-2.0-only
// Two programs of the right type.
#include <xpoll/wake.bpf.h>

SEC("raw_tp")
int first(struct xpoll_wake_context* ctx) { return 0; }

SEC("raw_tp")
int second(struct xpoll_wake_context* ctx) { return 1; }

char LICENSE[] SEC("license") = "GPL";
