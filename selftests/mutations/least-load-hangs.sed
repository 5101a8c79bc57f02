# SPDX-License-Identifier: GPL-2.0-only
# what: the worker with the least load is woken although it hangs
# file: module/choose.c
# kernel: 6.1-amd64
# guest: --smp 2
# program: xpoll-selftests
# tests: WakeWaitersTest.*
s/^\t\tif (load < least && xp_waiter_takes(wake, waiter, oldest)) {$/\t\tif (load < least) {/
