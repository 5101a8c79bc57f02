# SPDX-License-Identifier: GPL-2.0-only
# what: epoll_create(2) reads what its process opted in with before RCU protects what that names
# file: module/process.c
# kernel: 6.1-amd64
# guest: --smp 2
# program: xpoll-selftests
# tests: ProcessGroupTest.AnInstanceJoinsNoGroupOfAnotherProcess*
# Adds a pause, longer than a grace period, because the window is short.
/^struct ep_group \*xp_process_group(/,/^}/ {
	/^\tentry = xp_entry_of_caller();$/d
	s/^\trcu_read_lock();$/\tentry = xp_entry_of_caller();\n\tschedule_timeout_uninterruptible(HZ \/ 10);\n&/
}
