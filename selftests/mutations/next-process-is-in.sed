# SPDX-License-Identifier: GPL-2.0-only
# what: the next process with an ended one's ID creates instances by epoll_create(2)
# file: module/process.c
# kernel: 6.1-amd64
# guest: --smp 1
# program: xpoll-selftests
# tests: ProcessTest.*
/^static noinline void xp_process_thread_exit/,/^}/s/!atomic_read(&task->signal->live)/!task->tgid/
