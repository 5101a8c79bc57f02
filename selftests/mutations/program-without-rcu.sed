# SPDX-License-Identifier: GPL-2.0-only
# what: a program that chooses runs outside of RCU, which frees it when it is replaced
# file: module/choose.c
# kernel: 6.1-debug
# guest: --smp 1
# program: xpoll-selftests
# tests: WakeWaitersTest.Program*
/^static u32 xp_run_prog(/,/^}/ s/^\trcu_read_\(un\)\?lock();$//
