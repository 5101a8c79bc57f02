# SPDX-License-Identifier: GPL-2.0-only
# what: the user stays charged for a ring that could not be created
# file: module/ringmemory.c
# kernel: 6.1-debug
# guest: --smp 2 --mem 2G
# program: xpoll-faults
# tests: RingFaultTest.Create
/^uncharge:$/,/^}/ s/^\tatomic_long_sub(pages, &user->locked_vm);$/\tbarrier();/
