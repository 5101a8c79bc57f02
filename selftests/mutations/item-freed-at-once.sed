# SPDX-License-Identifier: GPL-2.0-only
# what: an item is freed without a grace period under those who walk the table
# file: module/epitem.c
# kernel: 6.1-debug
# smp: 4
# tests: RaceRemoveTest.*xpoll*:NestRaceTest.*xpoll*
s/^\tcall_rcu(&epi->rcu, xp_epitem_free_rcu);$/\txp_epitem_free_rcu(\&epi->rcu);/
