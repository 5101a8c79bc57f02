# SPDX-License-Identifier: GPL-2.0-only
# what: the end of a watch tells of earlier wake-ups
# file: module/removed.c
# kernel: 6.1-amd64
# guest: --smp 2
# program: xpoll-selftests
# tests: RemovedTest.HasNoTime*
s/^\txp_wide(epi)->woken_ns = 0;$/\tbarrier();/
