# SPDX-License-Identifier: GPL-2.0-only
# what: a process creates native instances once any of its threads has ended
# file: module/process.c
# kernel: 6.1-amd64
# guest: --smp 1
# program: xpoll-selftests
# tests: ProcessTest.*
/^static noinline void xp_process_thread_exit/,/^}/s/^\tif (!atomic_read(&task->signal->live))$/\tif (task)/
