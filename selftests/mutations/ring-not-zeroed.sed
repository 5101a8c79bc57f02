# SPDX-License-Identifier: GPL-2.0-only
# what: a new ring shows what its pages had before
# file: module/ringmemory.c
# kernel: 6.1-amd64
# guest: --smp 1 --append init_on_alloc=0
# program: xpoll-selftests
# tests: RingAbiTest.MemoryIsZero*
s/GFP_KERNEL_ACCOUNT | __GFP_ZERO/GFP_KERNEL_ACCOUNT/
