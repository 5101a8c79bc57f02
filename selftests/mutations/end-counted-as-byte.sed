# SPDX-License-Identifier: GPL-2.0-only
# what: the end of a TCP connection counts as a byte
# file: module/amount.c
# kernel: 6.1-amd64
# guest: --smp 1
# program: xpoll-selftests
# tests: ExtendedTest.*
s/^\t\tamount--;$/\t\tbarrier();/
