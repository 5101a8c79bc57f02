# SPDX-License-Identifier: GPL-2.0-only
# what: a slot is given again while its number is in the ring
# file: module/ring.c
# kernel: 6.1-amd64
# guest: --smp 2
# program: xpoll-selftests
# tests: RingTest.WatchThatEnds*
s/^\tif (!held) {$/\tif (!held || true) {/
