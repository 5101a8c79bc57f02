# SPDX-License-Identifier: GPL-2.0-only
# what: an ADD holds the mutex of all nesting while it waits for the mutex of its instance
# file: module/ctl.c
# kernel: 6.1-amd64
# guest: --smp 2
# program: xpoll-selftests
# tests: NestWaitTest.*ForTheWatchingInstance*
s/^\tint err = change->nonblock ? -EAGAIN : xp_ctl_await_nest();$/\tint err = mutex_lock_killable(\&xp_nest_mutex);/
/^static int xp_ctl_insert_locked(/,/^}/s/^\tint err = mutex_lock_killable(&xp_nest_mutex);$/\tint err = 0;/
