# SPDX-License-Identifier: GPL-2.0-only
# what: wake-ups are counted again in the next event
# file: module/extended.h
# kernel: 6.1-amd64
# guest: --smp 1
# program: xpoll-selftests
# tests: ExtendedTime*
s/^\t\tWRITE_ONCE(wide->delivered, times->woken);$/\t\tbarrier();/
