// SPDX-License-Identifier: MIT
/*
 * Sends the events of a TCP connection to the same worker each time, so that what the
 * worker has of it stays in the cache of one processor. The worker is the one that weighs
 * most for this connection (rendezvous hashing): whatever the order of the candidates,
 * and if a worker is busy or gone, only its own connections go to others.
 *
 * For connections that several workers watch: on one instance, or with EPOLLEXCLUSIVE. A
 * listening socket has no flow hash, so those who accept take turns.
 *
 * A worker is known by its number (xpoll_wait.worker or XPOLL_IOC_WORKER), or else by its
 * ID: then each instance needs a process of its own.
 *
 * xpoll-run --wake bpf:sticky PROGRAM
 */
#include <xpoll/wake.bpf.h>

/* Numbers of workers are small: no number equals an ID. */
static __always_inline __u64 identity_of(const struct xpoll_candidate* candidate) {
  return candidate->worker ? candidate->worker : (1ULL << 32 | candidate->pid);
}

/* The last steps of the hash function MurmurHash3: each bit of x changes half of the result's. */
static __always_inline __u64 mixed(__u64 x) {
  x = (x ^ x >> 33) * 0xff51afd7ed558ccdULL;
  x = (x ^ x >> 33) * 0xc4ceb9fe1a85ec53ULL;
  return x ^ x >> 33;
}

SEC("raw_tp")
int sticky(struct xpoll_wake_context* ctx) {
  __u64 flow = mixed(ctx->flow_hash);
  struct xpoll_candidate candidate;
  int choice = XPOLL_WAKE_DEFAULT;
  __u64 most = 0;
  int n;

  if (!ctx->flow_hash) return XPOLL_WAKE_DEFAULT;
  xpoll_wake_for_each(ctx, n, &candidate) {
    __u64 weight = mixed(flow ^ identity_of(&candidate));

    if (choice >= 0 && weight <= most) continue;
    most = weight;
    choice = n;
  }
  return choice;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
