# SPDX-License-Identifier: GPL-2.0-only
# what: a level-triggered watch that was taken from a ring is not polled again
# file: module/ring.h
# kernel: 6.1-amd64
# guest: --smp 2
# program: xpoll-selftests
# tests: RingTest.Level*
s/^\t\tlist_move_tail(&item->level, &ring->level);$/\t\tbarrier();/
