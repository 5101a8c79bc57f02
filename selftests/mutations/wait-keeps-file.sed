# SPDX-License-Identifier: GPL-2.0-only
# what: a wait by epoll's own system call keeps its reference to the instance's file
# file: module/wait.c
# kernel: 6.1-amd64
# guest: --smp 1
# program: xpoll-selftests
# tests: EpollCallsTest.AWaitWhoseDescriptor*
/^static noinline long xp_wait_counted/,/^}/s/^\tfput(file);$//
