# SPDX-License-Identifier: GPL-2.0-only
# what: the end of a watch is freed although its event could not be stored
# file: module/scan.c
# kernel: 6.1-debug
# guest: --smp 1 --mem 2G
# program: xpoll-selftests
# tests: RemovedTest.StaysUntilItIsStored
s/^\t\t\t\t\txp_removed_put_back(epi);$/\t\t\t\t\tbarrier();/
