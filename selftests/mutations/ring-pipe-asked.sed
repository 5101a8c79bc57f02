# SPDX-License-Identifier: GPL-2.0-only
# what: events of pipes come into a ring only by a call
# file: module/ring.c
# kernel: 6.1-amd64
# guest: --smp 2
# program: xpoll-selftests
# tests: RingTest.*ByThemselves
s/S_ISFIFO(file_inode(file)->i_mode) ||/false ||/
