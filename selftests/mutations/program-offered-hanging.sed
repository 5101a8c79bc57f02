# SPDX-License-Identifier: GPL-2.0-only
# what: a program is offered workers that hang
# file: module/choose.c
# kernel: 6.1-amd64
# guest: --smp 2
# program: xpoll-selftests
# tests: WakeWaitersTest.*
s/^\t\tif (xp_waiter_takes(wake, waiter, oldest))$/\t\tif (true)/
