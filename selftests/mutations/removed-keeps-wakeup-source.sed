# SPDX-License-Identifier: GPL-2.0-only
# what: the record of a watch that has ended uses the watch's wakeup source, which was destroyed
# file: module/removed.c
# kernel: 6.1-debug
# guest: --smp 1 --mem 2G
# program: xpoll-selftests
# tests: RemovedTest.WatchThatKeepsTheSystemAwake
s/^\tRCU_INIT_POINTER(epi->ws, (void \*)EP_WIDE);$/\tbarrier();/
