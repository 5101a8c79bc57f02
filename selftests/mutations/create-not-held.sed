# SPDX-License-Identifier: GPL-2.0-only
# what: epoll_create(2) does not hold the module while it creates an instance
# file: module/calls.c
# kernel: 6.1-amd64
# guest: --smp 1
# program: xpoll-selftests
# tests: EpollCallsTest.CreateNeeds*
s/ && try_module_get(THIS_MODULE);$/;/
