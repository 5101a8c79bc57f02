# SPDX-License-Identifier: GPL-2.0-only
# what: a wait with timeout 0 returns "nothing ready" during another scan
# file: module/scan.c module/scan.h
# kernel: 6.1-amd64
# guest: --smp 4 --parallel
# program: xpoll-selftests
# tests: RaceScanTest.*xpoll*
# Adds a pause at the end of a scan, when the list may be empty before the overflow list is merged.
/^#include "callback.h"/i #include <linux/delay.h>
/ xp_scan_end(struct/,/^}/ s/^\tspin_lock_irq(&ep->wq.lock);$/\tudelay(200);\n&/
s/^\tif ((seq & 1) || !list_empty(&ep->rdllist))$/\tif (!list_empty(\&ep->rdllist))/
s/^\treturn READ_ONCE(ep->scan_seq) != seq;$/\treturn false;/
