# SPDX-License-Identifier: GPL-2.0-only
# what: a wait takes any number from the index array as that of a slot
# file: module/ringscan.c
# kernel: 6.1-amd64
# guest: --smp 2
# program: xpoll-selftests
# tests: RingRaceTest.UserThatWrites*
s/ != head || \*slot >= ring->nr)/ != head)/
/^\t\*slot = array_index_nospec(\*slot, ring->nr);$/d
