# SPDX-License-Identifier: GPL-2.0-only
# what: a wake policy chooses among instances with a ready ring
# file: module/hook.c
# kernel: 6.1-amd64
# guest: --smp 2
# program: xpoll-selftests
# tests: RingPolicyTest.*
s/^\t\tepq.callback = xp_ring_callback;$/&\n\tif (unlikely(epi->ep->ring))\n\t\tepq.wake = READ_ONCE(epi->events) \& EPOLLEXCLUSIVE ? xp_group_wake(epi->ep->group) : NULL;/
