# SPDX-License-Identifier: GPL-2.0-only
# what: a walk that let go of the tree goes on with an item that has left it
# file: module/epitem.c module/nest.c
# kernel: 6.1-debug
# guest: --smp 4 --parallel
# program: xpoll-selftests
# tests: NestRaceTest.FilesBelow*xpoll*:*/NestRaceTest.FilesBelow*xpoll*
# Adds a pause of more than a grace period before the walk goes on.
s/^\tif (unlikely(ep->walk_next == &epi->rbn))$/\tif (0)/
/^static noinline int xp_tree_pause(/,/^}/s/^\terr = xp_walk_pause();$/\tschedule_timeout_uninterruptible(HZ \/ 5);\n&/
