# SPDX-License-Identifier: GPL-2.0-only
# what: ENTER delivers a watch that ended while a nested change waited
# file: module/changes.c
# kernel: 6.1-amd64
# guest: --smp 4 --parallel
# program: xpoll-selftests
# tests: EnterDeliverTest.AWatchThatEnds*
/^static noinline int xp_batch_nested(/,/^}/ s/^\txp_batch_list_pending(batch, 0);$/\tbarrier();/
