# SPDX-License-Identifier: GPL-2.0-only
# what: the close of a descriptor waits for the mutex of the instance
# file: module/ended.c
# kernel: 6.1-amd64
# guest: --smp 2
# program: xpoll-selftests
# tests: CloseRemovesHeldTest.CloseReturns*
s/^\twhile (!hlist_empty(&ep->ended) && mutex_trylock(&ep->mtx)) {$/\tif (!hlist_empty(\&ep->ended)) {\n\t\tmutex_lock(\&ep->mtx);/
