# SPDX-License-Identifier: GPL-2.0-only
# what: ENTER ignores the number of the worker
# file: module/enter.c
# kernel: 6.1-amd64
# guest: --smp 2
# program: xpoll-selftests
# tests: WakeWaitersTest.TheWorkerOfEnter*
s/FIELD_PREP(XP_WAIT_WORKER, args->worker)/FIELD_PREP(XP_WAIT_WORKER, 0)/
