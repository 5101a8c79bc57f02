# SPDX-License-Identifier: GPL-2.0-only
# what: the deadline of a wait whose minimum has passed is taken as one of the caller's time namespace
# file: module/minimum.c
# kernel: 6.1-amd64
# guest: --smp 2
# program: xpoll-selftests
# tests: TimeNamespaceTest.*minimum_passed*:*/TimeNamespaceTest.*minimum_passed*
s/ | XPOLL_WAIT_ABSTIME | XP_WAIT_HOST_TIME);$/ | XPOLL_WAIT_ABSTIME);/
