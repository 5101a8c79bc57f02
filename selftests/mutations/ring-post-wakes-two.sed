# SPDX-License-Identifier: GPL-2.0-only
# what: POST on an instance with a ready ring wakes two waiters
# file: module/ringcall.c
# kernel: 6.1-amd64
# guest: --smp 2
# program: xpoll-selftests
# tests: RingTest.PostWakesOne*
/^void xp_ring_post/,/^}/ s/^\t\tep->counts.events++;$/&\n\t\txp_wake_waiter(ep, false, NULL, 0);/
