# SPDX-License-Identifier: GPL-2.0-only
# what: the first EXCLUSIVE watch that is removed frees the structure that it shares with its peers
# file: module/peers.c
# kernel: 6.1-debug
# guest: --smp 1
# program: xpoll-selftests
# tests: WakeInstancesTest.PeersThatLeave*
s/^\tlast = !--peers->users;$/\tlast = true;/
