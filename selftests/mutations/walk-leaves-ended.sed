# SPDX-License-Identifier: GPL-2.0-only
# what: a walk that checks nesting lets go of an instance without a look at its ended items
# file: module/nest.c
# kernel: 6.1-amd64
# guest: --smp 2
# program: xpoll-selftests
# tests: CloseRemovesHeldTest.*Walk*:*/CloseRemovesHeldTest.*Walk*
s/^\txp_eventpoll_unlock(inner);$/\tmutex_unlock(\&inner->mtx);/
