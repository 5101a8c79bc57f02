# SPDX-License-Identifier: GPL-2.0-only
# what: a wait for extended events sleeps after a change that failed with XPOLL_ENTER_STOP
# file: module/enter.c
# kernel: 6.1-amd64
# guest: --smp 2
# program: xpoll-selftests
# tests: ExtendedTest.AfterAStop*
s/^\ts64 timeout_ns = stopped ? 0 : args->timeout_ns;$/\ts64 timeout_ns = args->timeout_ns;/
