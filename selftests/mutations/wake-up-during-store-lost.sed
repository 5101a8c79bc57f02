# SPDX-License-Identifier: GPL-2.0-only
# what: a wake-up that comes while its event is stored does not count
# file: module/extended.h
# kernel: 6.1-amd64
# guest: --smp 2
# program: xpoll-selftests
# tests: ExtendedTimeTest.AWakeUpDuring*
s/^\t\tWRITE_ONCE(wide->delivered, times->woken);$/\t\tWRITE_ONCE(wide->delivered, wide->woken);/
