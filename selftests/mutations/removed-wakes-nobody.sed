# SPDX-License-Identifier: GPL-2.0-only
# what: the end of a watch wakes nobody who polls the instance
# file: module/ended.c
# kernel: 6.1-amd64
# guest: --smp 1
# program: xpoll-selftests
# tests: RemovedTest.*
s/^\tif (pollers)$/\tif (0 \&\& pollers)/
