# SPDX-License-Identifier: GPL-2.0-only
# what: a link above an instance is not counted if its watcher becomes unwatched during the walk
# file: module/paths.h module/nest.c
# kernel: 6.1-debug
# guest: --smp 4 --parallel
# program: xpoll-selftests
# tests: NestRaceTest.ChainsAreTooLong*xpoll*
# Adds a pause before the walk enters that instance.
s/return ep->paths ?: 1;/return ep->paths;/
/^#include <linux\/bitops.h>/i #include <linux/delay.h>
/^static int xp_paths_add/,/^}/s/^\t\tif (!err)$/\t\tmdelay(1);\n&/
