# SPDX-License-Identifier: GPL-2.0-only
# what: ENTER takes an absolute timeout as relative
# file: module/enter.c
# kernel: 6.1-amd64
# guest: --smp 2
# program: xpoll-selftests
# tests: EnterWaitTest.AnAbsoluteTimeoutInThePast*
s/(args->flags & XPOLL_ENTER_ABSTIME) |/0U |/
