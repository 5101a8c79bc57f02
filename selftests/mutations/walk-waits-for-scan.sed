# SPDX-License-Identifier: GPL-2.0-only
# what: a walk that checks nesting takes the mutex that a scan holds
# file: module/nest.c
# kernel: 6.1-amd64
# guest: --smp 2
# program: xpoll-selftests
# tests: NestWaitTest.*
s/^\tmutex_lock_nested(&inner->tree_mutex, level);$/\tmutex_lock_nested(\&inner->mtx, level);/
s/^\tmutex_unlock(&inner->tree_mutex);$/\tmutex_unlock(\&inner->mtx);/
