# SPDX-License-Identifier: GPL-2.0-only
# what: ENTER delivers a watch that ended before a nested change
# file: module/changes.c
# kernel: 6.1-amd64
# guest: --smp 2
# program: xpoll-selftests
# tests: EnterDeliverTest.AWatchThatEnds*
# Adds a pause after the mutex was released.
/^static noinline int xp_batch_nested(/,/^}/{
	s/^\txp_batch_list_pending(batch, 0);$/\tbarrier();/
	s/^\txp_eventpoll_unlock(ep);$/&\n\tschedule_timeout_uninterruptible(1);/
}
