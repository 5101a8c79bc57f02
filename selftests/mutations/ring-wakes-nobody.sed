# SPDX-License-Identifier: GPL-2.0-only
# what: an event that a file puts into a ring wakes nobody
# file: module/ringcall.c
# kernel: 6.1-amd64
# guest: --smp 2
# program: xpoll-selftests
# tests: RingRaceTest.EventThatComesAsTheConsumer*
s/^\t\treturn xp_ring_tell(ep, item, events, happened);$/\t\treturn xp_ring_tell(ep, item, events, happened) \&\& !ep;/
