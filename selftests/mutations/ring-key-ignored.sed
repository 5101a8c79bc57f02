# SPDX-License-Identifier: GPL-2.0-only
# what: CREATE_RING ignores the key of the group
# file: module/device.c
# kernel: 6.1-amd64
# guest: --smp 2
# program: xpoll-selftests
# tests: RingAbiTest.*Key*
/^static long xp_device_create_ring(/,/^}/ s/create.group, create.key, &group)/create.group, 0, \&group)/
