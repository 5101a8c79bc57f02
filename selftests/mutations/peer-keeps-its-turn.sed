# SPDX-License-Identifier: GPL-2.0-only
# what: an EXCLUSIVE watch that was removed keeps the turn
# file: module/peers.c
# kernel: 6.1-debug
# guest: --smp 1
# program: xpoll-selftests
# tests: WakeInstancesTest.PeersThatLeave*
s/^\t\tpeers->turn = xp_peer_after(peer);$/\t\tbarrier();/
s/^\t\tpeers->turn = NULL;$/\t\tbarrier();/
