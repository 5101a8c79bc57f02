# SPDX-License-Identifier: GPL-2.0-only
# what: the end of a connection is put into the ring without asking
# file: module/ringcall.c
# kernel: 6.1-amd64
# guest: --smp 2
# program: xpoll-selftests
# tests: RingTest.EndOf*
s/item->direct && happened && !(happened & events & ~XP_RING_TOLD)/item->direct/
