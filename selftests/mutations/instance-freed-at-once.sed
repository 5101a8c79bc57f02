# SPDX-License-Identifier: GPL-2.0-only
# what: an instance is freed without a grace period under the walks of the nesting checks (CVE-2026-43074)
# file: module/eventpoll.c module/nest.c
# kernel: 6.1-debug
# guest: --smp 4 --parallel
# program: xpoll-selftests
# tests: NestRaceTest.InstancesAbove*xpoll*
# With a pause in a walk, at the instance that the test closes above its chain of three.
/^#include <linux\/rculist.h>/i #include <linux/delay.h>
s/^\t\tconst struct hlist_head \*above = NULL;$/&\n\n\t\tif (beyond == 3)\n\t\t\tmdelay(1);/
s/^\tkfree_rcu(ep, rcu);$/\tkfree(ep);/
