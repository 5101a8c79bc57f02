# SPDX-License-Identifier: GPL-2.0-only
# what: epoll_create(2) reads what its process opted in with before RCU protects what that names
# file: module/process.c
# kernel: 6.1-debug
# guest: --smp 4
# program: xpoll-selftests
# tests: ProcessGroupTest.CreatesInstancesWhileAnotherThreadOptsInAndOut*
# Adds a pause, because emulated processors that run in turn rarely hit the short window.
/^struct ep_group \*xp_process_group(/,/^}/ {
	s/^\trcu_read_lock();$/\tentry = xp_entry_of_caller();\n\tschedule_timeout_uninterruptible(1);\n&/
	s/^\tentry = xp_entry_of_caller();$//
}
