# SPDX-License-Identifier: GPL-2.0-only
# what: root of a user namespace may lock any memory for rings
# file: module/ringmemory.c
# kernel: 6.1-amd64
# guest: --smp 1
# program: xpoll-selftests
# tests: RingAbiTest.RootOf*
s/ && !capable(CAP_IPC_LOCK))/ \&\& !ns_capable(current_user_ns(), CAP_IPC_LOCK))/
