# SPDX-License-Identifier: GPL-2.0-only
# what: a group's program is offered instances without a waiter
# file: module/dispatch.c
# kernel: 6.1-amd64
# guest: --smp 2
# program: xpoll-selftests
# tests: WakeInstancesTest.*
/^static noinline struct ep_peer \*xp_peer_by_prog(/,/^}/s/^\t\tif (xp_peer_takes(peer, happened, oldest))$/\t\tif (oldest || true)/
