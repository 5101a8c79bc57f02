# SPDX-License-Identifier: GPL-2.0-only
# what: the group of processes that opted in is kept after the last of them
# file: module/process.c
# kernel: 6.1-amd64
# guest: --smp 1
# program: xpoll-selftests
# tests: ProcessGroupTest.*
s/^\tif (refcount_dec_and_test(&optin->processes))$/\tif (refcount_dec_and_test(\&optin->processes) \&\& !entry)/
