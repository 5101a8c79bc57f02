# SPDX-License-Identifier: GPL-2.0-only
# what: whoever has the mutex of an instance does not remove the items whose descriptors were closed
# file: module/ended.c
# kernel: 6.1-amd64
# guest: --smp 2
# program: xpoll-selftests
# tests: CloseRemovesHeldTest.*
/^void __xp_eventpoll_unlock(/,/^}/ { /xp_ended_check(ep);/d; /xp_ended_flush(ep);/d }
