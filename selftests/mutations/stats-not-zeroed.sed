# SPDX-License-Identifier: GPL-2.0-only
# what: the counts of an instance begin with what was on the kernel's stack
# file: module/file.c
# kernel: 6.1-kmsan
# guest: --smp 2 --mem 2G
# program: xpoll-selftests
# tests: StatsTest.*
s/struct xpoll_stats stats = {};/struct xpoll_stats stats;/
