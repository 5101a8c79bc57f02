# SPDX-License-Identifier: GPL-2.0-only
# what: an ADD of an instance holds the mutex of all nesting while it calls ->poll()
# file: module/ctl.c
# kernel: 6.1-amd64
# guest: --smp 2
# program: xpoll-selftests
# tests: NestWaitTest.*
/^static int xp_ctl_insert_nested(/,/^}/{
	s/^\tended = xp_nest_unlock();$/\tended = NULL;/
	s/^\txp_ctl_found(ep, found);$/\tended = xp_nest_unlock();\n&/
}
