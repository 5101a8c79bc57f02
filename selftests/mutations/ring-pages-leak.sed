# SPDX-License-Identifier: GPL-2.0-only
# what: the pages of a ring are not freed
# file: module/ringmemory.c
# kernel: 6.1-amd64
# guest: --smp 2
# program: xpoll-selftests
# tests: RingAbiTest.MemoryIsFreed*
s/^\t\tput_page(memory->pages\[i\]);$/\t\tbarrier();/
