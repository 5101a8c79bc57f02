# SPDX-License-Identifier: GPL-2.0-only
# what: a walk that checks nesting takes the mutex that a scan holds
# file: module/nest.c
# kernel: 6.1-amd64
# guest: --smp 2
# program: xpoll-selftests
# tests: NestWaitTest.*ForTheWatchedInstance*
/^static int xp_measure_below(struct eventpoll \*inner, const struct eventpoll \*ep, int level)$/,/^}/s/^\tmutex_lock(&inner->tree_mutex);$/\tmutex_lock_nested(\&inner->mtx, 1);\n\tmutex_unlock(\&inner->mtx);\n&/
