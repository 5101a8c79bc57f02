# SPDX-License-Identifier: GPL-2.0-only
# what: XPOLL_CHANGE_ONLY does not keep EPOLLERR and EPOLLHUP from a watch
# file: module/ctl.c
# kernel: 6.1-amd64
# guest: --smp 1
# program: xpoll-selftests
# tests: ChangeOnlyTest.*
s/^\treturn change->flags & XPOLL_CHANGE_ONLY ? 0 : EPOLLERR | EPOLLHUP;$/\treturn change ? EPOLLERR | EPOLLHUP : 0;/
