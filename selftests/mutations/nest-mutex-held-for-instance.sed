# SPDX-License-Identifier: GPL-2.0-only
# what: an ADD holds the mutex of all nesting while it waits for the mutex of its instance
# file: module/ctl.c
# kernel: 6.1-amd64
# guest: --smp 2
# program: xpoll-selftests
# tests: NestWaitTest.*
/^static int xp_ctl_lock_nested(/,/^}/{
	s/^\tif (err || mutex_trylock(&ep->mtx))$/\tif (err)/
	s/^\tmutex_unlock(&xp_nest_mutex);$/\tmutex_lock(\&ep->mtx);\n\treturn 0;/
}
