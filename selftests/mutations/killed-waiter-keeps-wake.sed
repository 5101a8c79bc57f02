# SPDX-License-Identifier: GPL-2.0-only
# what: a waiter that is killed as it is woken takes the wake-up with it
# file: module/scan.c
# kernel: 6.1-amd64
# guest: --smp 1
# program: xpoll-selftests
# tests: KilledWaiterTest.*
s/^\t\t\treturn xp_pass_on(ep);$/\t\t\treturn ep ? -EINTR : xp_pass_on(ep);/
