# SPDX-License-Identifier: GPL-2.0-only
# what: events of TCP and UDP come into a ring only by a call
# file: module/ring.c
# kernel: 6.1-amd64
# guest: --smp 2
# program: xpoll-selftests
# tests: RingTest.*Internet*
s/^\t\treturn sk->sk_protocol == IPPROTO_TCP || sk->sk_protocol == IPPROTO_UDP;$/\t\treturn false;/
