# SPDX-License-Identifier: GPL-2.0-only
# what: counters are read without READ_ONCE(), so the compiler may read one twice or in parts
# file: module/stats.c
# kernel: 6.1-kcsan
# guest: --smp 4 --parallel --append kcsan.udelay_task=20000 --append kcsan.skip_watch=4000
# program: xpoll-stress
# tests: GroupStressTest.*
s/READ_ONCE(\(counts->[a-z_]*\))/\1/
