# SPDX-License-Identifier: GPL-2.0-only
# what: a scan that finds nothing forgets when the watch was woken
# file: module/times.h
# kernel: 6.1-amd64
# guest: --smp 1
# program: xpoll-selftests
# tests: ExtendedTime*
s/^\t\tWRITE_ONCE(wide->woken_ns, times->ns);$/\t\tbarrier();/
