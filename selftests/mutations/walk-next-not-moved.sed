# SPDX-License-Identifier: GPL-2.0-only
# what: a walk that let go of the tree goes on with an item that has left it
# file: module/epitem.c
# kernel: 6.1-debug
# guest: --smp 4 --parallel
# program: xpoll-selftests
# tests: NestRaceTest.FilesBelow*xpoll*:*/NestRaceTest.FilesBelow*xpoll*
s/^\tif (unlikely(ep->walk_next == &epi->rbn))$/\tif (0)/
