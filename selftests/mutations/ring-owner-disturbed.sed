# SPDX-License-Identifier: GPL-2.0-only
# what: a slot that is in the ring, or owned, is appended again
# file: module/ring.h
# kernel: 6.1-amd64
# guest: --smp 2
# program: xpoll-selftests
# tests: RingTest.Owner*:RingTest.WatchIsInTheRingOnce*
/test_and_set_bit/,/return false;/ s/return false;/barrier();/
