# SPDX-License-Identifier: GPL-2.0-only
# what: the record of a watch that has ended stays on the ready list after its event
# file: module/removed.c
# kernel: 6.1-amd64
# guest: --smp 1
# program: xpoll-selftests
# tests: RemovedTest.DelByNumber
s/XPOLL_EVENT_REMOVED | EPOLLET;/XPOLL_EVENT_REMOVED;/
