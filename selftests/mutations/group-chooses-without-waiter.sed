# SPDX-License-Identifier: GPL-2.0-only
# what: a group's wake policy chooses an instance without a waiter that one event is enough for
# file: module/dispatch.c module/callback.c
# kernel: 6.1-amd64
# guest: --smp 2
# program: xpoll-selftests
# tests: WakeGroupTest.AWaiterBelow*
s/return waitqueue_active(&ep->wq) && xp_consumes(/return xp_consumes(/
s/!waitqueue_active(&ep->wq) || !xp_consumes(/!xp_consumes(/
