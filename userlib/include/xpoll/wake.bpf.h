/* SPDX-License-Identifier: MIT */
/*
 * For BPF programs that choose who is woken (XPOLL_WAKE_BPF in <linux/xpoll.h>).
 *
 * Such a program is of type raw tracepoint, which SEC("raw_tp") says to libbpf, and of
 * a license that is compatible with the GPL. It is attached to no tracepoint:
 * XPOLL_IOC_WAKE takes its descriptor, and xpoll-run(1) --wake bpf:OBJECT loads it. This
 * one takes the second candidate; the program is asked only if there are two or more:
 *
 *   #include <xpoll/wake.bpf.h>
 *
 *   SEC("raw_tp")
 *   int second(struct xpoll_wake_context *ctx)
 *   {
 *     return 1;
 *   }
 *
 *   char LICENSE[] SEC("license") = "Dual MIT/GPL";
 *
 *   clang -target bpf -O2 -g -idirafter /usr/include/x86_64-linux-gnu -c second.bpf.c
 *
 * It runs under the lock of a wait queue with interrupts off, on PREEMPT_RT with preemption
 * off. Keep it short.
 *
 * A program that also reads the kernel's structures, as that of ctx->file, includes
 * bpftool's vmlinux.h before this header.
 */
#ifndef XPOLL_WAKE_BPF_H
#define XPOLL_WAKE_BPF_H

#ifdef __VMLINUX_H__
/* vmlinux.h defines the types of <linux/types.h> too. */
#define _LINUX_TYPES_H
#define __aligned_u64 __u64 __attribute__((aligned(8)))
#else
#include <linux/bpf.h>
#endif

#include <bpf/bpf_helpers.h>
#include <linux/xpoll.h>

/* What the program returns if it has no choice: the first candidate is taken. */
#define XPOLL_WAKE_DEFAULT (-1)

/*
 * Reads candidate n, counted from 0, into *candidate. The index that the program
 * returns to choose this candidate is n.
 *
 * Returns 0; a negative number if there is no candidate n, or if it can't be read.
 */
static __always_inline long xpoll_wake_candidate(const struct xpoll_wake_context* ctx, __u32 n,
                                                 struct xpoll_candidate* candidate) {
  const struct xpoll_candidate* candidates = (const struct xpoll_candidate*)ctx->candidates;

  if (n >= ctx->count) return -1;
  return bpf_probe_read_kernel(candidate, sizeof(*candidate), candidates + n);
}

/*
 * Runs the statement that follows for each candidate: n, an integer variable, is its
 * index, and *candidate has been read. The number of rounds is limited in a way that the
 * verifier sees.
 */
#define xpoll_wake_for_each(ctx, n, candidate) \
  for ((n) = 0; (n) < XPOLL_CANDIDATES_MAX && !xpoll_wake_candidate((ctx), (n), (candidate)); (n)++)

#endif /* XPOLL_WAKE_BPF_H */
