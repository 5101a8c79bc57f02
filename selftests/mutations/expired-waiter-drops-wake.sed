# SPDX-License-Identifier: GPL-2.0-only
# what: a waiter whose timeout expires while it is woken does not check for the event
# file: module/wait.c
# kernel: 6.1-amd64
# guest: --smp 1
# program: xpoll-selftests
# tests: HastyWaiterTest.*xpoll*
s/^\tif (ready || list_empty_careful(&waiter.wait.entry))$/\tif (ready)/
s/^\tready = list_empty(&waiter.wait.entry) || xp_is_ready_locked(ep, ring);$/\tready = false;/
