# SPDX-License-Identifier: GPL-2.0-only
# what: an event tells user space a number of wake-ups that depends on what the memory had before
# file: module/epitem.c
# kernel: 6.1-kmsan
# guest: --smp 2 --mem 2G
# program: xpoll-selftests
# tests: ExtendedTimeTest.*
/^\twide->delivered = 0;$/d
