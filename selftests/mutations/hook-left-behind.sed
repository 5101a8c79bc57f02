# SPDX-License-Identifier: GPL-2.0-only
# what: DEL leaves the hook of the item on the wait queue
# file: module/epitem.c
# kernel: 6.1-debug
# guest: --smp 1
# program: xpoll-selftests
# tests: CtlItemTest.*xpoll*:LifetimeDupTest.*xpoll*
s/^\t\tremove_wait_queue(whead, &pwq->wait);$/\t\tbarrier();/
