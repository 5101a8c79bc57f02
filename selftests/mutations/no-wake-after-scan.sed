# SPDX-License-Identifier: GPL-2.0-only
# what: a scan that leaves ready items wakes no waiter
# file: module/scan.c
# kernel: 6.1-amd64
# guest: --smp 1
# program: xpoll-selftests
# tests: WakeupTest.*xpoll*
/ xp_scan_leave(struct/,/^}/ s/^\t\txp_wake_waiter(ep, false, NULL, 0);$/\t\tbarrier();/
