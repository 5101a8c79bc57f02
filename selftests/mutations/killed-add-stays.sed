# SPDX-License-Identifier: GPL-2.0-only
# what: an ADD that was killed while it polled an instance does not remove its watch
# file: module/ctl.c
# kernel: 6.1-amd64
# guest: --smp 2
# program: xpoll-selftests
# tests: NestKillTest.*
s/^\tif (instance && !err && fatal_signal_pending(current))$/\tif (0)/
