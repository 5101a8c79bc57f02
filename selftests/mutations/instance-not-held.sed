# SPDX-License-Identifier: GPL-2.0-only
# what: a walk of the nesting checks enters an instance above without a reference to it (CVE-2026-43074)
# file: module/watched.c module/nest.c
# kernel: 6.1-debug
# guest: --smp 4 --parallel
# program: xpoll-selftests
# tests: NestRaceTest.ChainsAbove*xpoll*
# Adds a pause before the walk enters that instance.
/^#include <linux\/bitops.h>/i #include <linux/delay.h>
/^static __always_inline bool xp_collect_item/,/^}/s/^\t\trefcount_inc(&ep->refcount);$//
/^static int xp_paths_add/,/^}/{
	s/^\t\tif (!err)$/\t\tmdelay(1);\n&/
	s/^\t\txp_walk_put(ep);$//
}
