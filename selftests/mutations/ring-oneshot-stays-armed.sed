# SPDX-License-Identifier: GPL-2.0-only
# what: an event in a ring does not disarm its ONESHOT watch
# file: module/ring.h
# kernel: 6.1-amd64
# guest: --smp 2
# program: xpoll-selftests
# tests: RingTest.Oneshot*
s/WRITE_ONCE(item->item.events, events & EP_PRIVATE_BITS);/WRITE_ONCE(item->item.events, events);/
