# SPDX-License-Identifier: GPL-2.0-only
# what: epoll_create1(2) accepts unknown flags
# file: module/calls.c
# kernel: 6.1-amd64
# guest: --smp 1
# program: xpoll-selftests
# tests: CreateTest.*xpoll*
# options: --epoll-calls
s/^\tif (!(flags & ~EPOLL_CLOEXEC)) {$/\tif (true) {/
