# SPDX-License-Identifier: GPL-2.0-only
# what: an instance with a ready ring does not learn the device of what a wake-up tells
# file: module/busypoll.c
# kernel: 6.1-amd64
# guest: --smp 2
# program: xpoll-selftests
# tests: BusyPollRingTest.*
s/^\tif (!xp_busy_learn_listed(ep) && ep->ring)$/\tif (!xp_busy_learn_listed(ep) \&\& 0)/
