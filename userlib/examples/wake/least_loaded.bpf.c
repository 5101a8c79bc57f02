// SPDX-License-Identifier: MIT
/*
 * Wakes the candidate with the smallest load, of equals the one whose turn it is, as
 * XPOLL_WAKE_LEAST_LOADED does. To begin with, for a choice by other figures: a program
 * may for example read a map that the workers write.
 *
 * xpoll-run --wake bpf:least_loaded PROGRAM
 */
#include <xpoll/wake.bpf.h>

SEC("raw_tp")
int least_loaded(struct xpoll_wake_context* ctx) {
  struct xpoll_candidate candidate;
  __u64 least = 0;
  int choice = XPOLL_WAKE_DEFAULT;
  int n;

  xpoll_wake_for_each(ctx, n, &candidate) {
    if (choice >= 0 && candidate.load >= least) continue;
    least = candidate.load;
    choice = n;
  }
  return choice;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
