# SPDX-License-Identifier: GPL-2.0-only
# what: a BPF program runs outside an RCU read-side section, so a replacement can free it meanwhile
# file: module/choose.c
# kernel: 6.1-debug
# guest: --smp 1
# program: xpoll-selftests
# tests: WakeWaitersTest.Program*
/^static u32 xp_run_prog(/,/^}/ s/^\trcu_read_\(un\)\?lock();$//
