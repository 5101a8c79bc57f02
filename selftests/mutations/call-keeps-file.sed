# SPDX-License-Identifier: GPL-2.0-only
# what: a change by epoll's own system call keeps its reference to the instance's file
# file: module/calls.c
# kernel: 6.1-amd64
# guest: --smp 1
# program: xpoll-selftests
# tests: EpollCallsTest.WhileOtherThreads*
s/^\tif (instance & EP_FILE_COUNTED)$/\tif (op == EPOLL_CTL_MOD)/
