# SPDX-License-Identifier: GPL-2.0-only
# what: a waiter goes to sleep without checking the ready list again
# file: module/wait.c
# kernel: 6.1-amd64
# guest: --smp 4 --parallel
# program: xpoll-selftests
# tests: RaceArmTest.*xpoll*
/ xp_sleep(struct/,/^}/ s/^\tready = xp_is_ready_locked(ep, ring);$/\tready = false;/
