# SPDX-License-Identifier: GPL-2.0-only
# what: the memory of a ring does not count for the user's limit
# file: module/ringmemory.c
# kernel: 6.1-amd64
# guest: --smp 2
# program: xpoll-selftests
# tests: RingAbiTest.MemoryCounts*
s/if (locked + pages > limit && !capable(CAP_IPC_LOCK))/if (false)/
