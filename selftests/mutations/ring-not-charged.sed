# SPDX-License-Identifier: GPL-2.0-only
# what: the memory of a ring does not count for the user's limit
# file: module/ringmemory.c
# kernel: 6.1-amd64
# guest: --smp 2
# program: xpoll-selftests
# tests: RingAbiTest.MemoryCounts*
s/^\tlong locked = atomic_long_add_return(pages, &user->locked_vm);$/\tlong locked = 0;\n\n\tatomic_long_add(pages, \&user->locked_vm);/
