# SPDX-License-Identifier: GPL-2.0-only
# what: a waiter that is killed while it is woken does not pass the wake-up on
# file: module/scan.c
# kernel: 6.1-amd64
# guest: --smp 1
# program: xpoll-selftests
# tests: KilledWaiterTest.*
s/^\t\treturn \(xp_pass_on(ep, xp_ready_locked)\);$/\t\treturn ep ? -EINTR : \1;/
