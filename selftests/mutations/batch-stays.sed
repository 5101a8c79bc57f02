# SPDX-License-Identifier: GPL-2.0-only
# what: the number of a batch stays after a wait without events
# file: module/extended.h
# kernel: 6.1-amd64
# guest: --smp 1
# program: xpoll-selftests
# tests: ExtendedTest.NoEventsHaveNoBatch
s/^\tif (n <= 0 \&\& put_user(0ULL, to->batch))$/\tif (0 \&\& put_user(0ULL, to->batch))/
