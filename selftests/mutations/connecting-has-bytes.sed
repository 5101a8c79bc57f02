# SPDX-License-Identifier: GPL-2.0-only
# what: a TCP connection that is being set up has no bytes, in place of an unknown number
# file: module/amount.c
# kernel: 6.1-amd64
# guest: --smp 2
# program: xpoll-selftests
# tests: ExtendedTest.AConnection*
s/^\tif ((1 << state) & (TCPF_SYN_SENT | TCPF_SYN_RECV))$/\tif (!state)/
