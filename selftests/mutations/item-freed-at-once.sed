# SPDX-License-Identifier: GPL-2.0-only
# what: an item is freed without a grace period under those who walk the table
# file: module/epitem.c module/nest.c
# kernel: 6.1-debug
# guest: --smp 4 --parallel
# program: xpoll-selftests
# tests: NestRaceTest.*xpoll*
# With a pause in a walk, since those who walk and those who free hardly ever meet there.
/^#include <linux\/rculist.h>/i #include <linux/delay.h>
s/^\thlist_for_each_entry_rcu(epi, items, fllink) {$/&\n\t\tmdelay(1);/
s/^\tcall_rcu(&epi->rcu, xp_epitem_free_rcu);$/\txp_epitem_free_rcu(\&epi->rcu);/
