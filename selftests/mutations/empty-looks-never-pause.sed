# SPDX-License-Identifier: GPL-2.0-only
# what: a wait that finds its ring empty again and again counts as one that runs in the kernel
# file: module/wait.c
# kernel: 6.1-amd64
# guest: --smp 2
# program: xpoll-selftests
# tests: RingRaceTest.*
s/cond_resched_tasks_rcu_qs/cond_resched/
