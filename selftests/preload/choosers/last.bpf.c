// SPDX-License-Identifier: GPL-2.0-only
// Chooses the last candidate. Includes vmlinux.h, like a program that reads the kernel's
// structures.
#include <vmlinux.h>
#include <xpoll/wake.bpf.h>

SEC("raw_tp")
int last(struct xpoll_wake_context* ctx) { return ctx->count - 1; }

char LICENSE[] SEC("license") = "GPL";
