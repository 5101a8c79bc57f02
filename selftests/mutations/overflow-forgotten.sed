# SPDX-License-Identifier: GPL-2.0-only
# what: items that became ready during a scan are dropped at its end
# file: module/scan.c
# kernel: 6.1-amd64
# guest: --smp 1
# program: xpoll-selftests
# tests: EmptyScanTest.*xpoll*:EdgeTest.*xpoll*:LifetimeCloseTest.*xpoll*
s/^\t\tif (!list_empty(&epi->rdllink))$/\t\tif (!list_empty(\&epi->rdllink) || ep)/
