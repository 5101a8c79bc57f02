# SPDX-License-Identifier: GPL-2.0-only
# what: everybody may set a large budget
# file: module/busypoll.c
# kernel: 6.1-amd64
# guest: --smp 1
# program: xpoll-selftests
# tests: BusyPollParametersTest.*
s/^\tif (!xp_busy_allowed(ep, &params) && !capable(CAP_NET_ADMIN))$/\tif (0)/
