# SPDX-License-Identifier: GPL-2.0-only
# what: a reader of the list of all instances goes on to those that are created meanwhile
# file: module/instances.c
# kernel: 6.1-amd64
# guest: --smp 2
# program: xpoll-selftests
# tests: InstancesTest.WhatIsCreated*
s/^\twalk->end = xp_latest_id;$/\twalk->end = U64_MAX - 1;/
