# SPDX-License-Identifier: GPL-2.0-only
# what: a slot is given again while a consumer still walks the entries that had it
# file: module/ring.c
# kernel: 6.1-amd64
# guest: --smp 2
# program: xpoll-selftests
# tests: RingTest.*
s/^\treturn until > taken || (READ_ONCE(ring->slots\[slot\].bits) & XPOLL_RING_QUEUED);$/\treturn READ_ONCE(ring->slots[slot].bits) \& XPOLL_RING_QUEUED;/
