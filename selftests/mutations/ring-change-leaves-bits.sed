# SPDX-License-Identifier: GPL-2.0-only
# what: a changed watch leaves bits in its slot that it does not wait for
# file: module/ring.h
# kernel: 6.1-amd64
# guest: --smp 2
# program: xpoll-selftests
# tests: RingTest.ModTakesBack*
s/atomic_and(keep, /atomic_and(keep | ~0U, /
