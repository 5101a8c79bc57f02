# SPDX-License-Identifier: GPL-2.0-only
# what: an item is freed without a grace period while readers look files up in the table
# file: module/epitem.c module/watched.c
# kernel: 6.1-debug
# guest: --smp 4 --parallel
# program: xpoll-selftests
# tests: NestRaceTest.*xpoll*:RaceRemoveTest.*xpoll*
# Adds a pause to the lookup of a last close, because a lookup and a free rarely coincide otherwise.
/^#include <linux\/rculist.h>/i #include <linux/delay.h>
s/^\treturn xp_watched_head(file, xp_watched_hash(file));$/\t{\n\t\tstruct epitem *head = xp_watched_head(file, xp_watched_hash(file));\n\n\t\tmdelay(1);\n\t\treturn head \&\& head->file == file;\n\t}/
s/^\tcall_rcu(&epi->rcu, xp_epitem_free_rcu);$/\txp_epitem_free_rcu(\&epi->rcu);/
