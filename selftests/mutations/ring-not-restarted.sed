# SPDX-License-Identifier: GPL-2.0-only
# what: XPOLL_ENTER_RESTART has no effect on waits for a ring or for extended events
# file: module/enter.c
# kernel: 6.1-amd64
# guest: --smp 2
# program: xpoll-selftests
# tests: EnterRestartTest.EachKind*
s/^\tif (n == -EINTR && (args.flags & XPOLL_ENTER_RESTART))$/\tif (n == -EINTR \&\& (args.flags \& (XPOLL_ENTER_RESTART | XPOLL_ENTER_RING | XPOLL_ENTER_EXTENDED)) == XPOLL_ENTER_RESTART)/
