# SPDX-License-Identifier: GPL-2.0-only
# what: a wake-up of all instances skips the one that offered the event to the others
# file: module/dispatch.c
# kernel: 6.1-amd64
# guest: --smp 1
# program: xpoll-selftests
# tests: WakeInstancesTest.EventForAllReachesEveryInstance
s/^\t\t\tpeers->skipped = peer;$/\t\t\tbarrier();/
