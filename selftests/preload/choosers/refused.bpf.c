// SPDX-License-Identifier: GPL-2.0-only
// Reads beyond the context, which the verifier rejects.
#include <xpoll/wake.bpf.h>

SEC("raw_tp")
int beyond(struct xpoll_wake_context* ctx) { return *(const volatile __u64*)(ctx + 1); }

char LICENSE[] SEC("license") = "GPL";
