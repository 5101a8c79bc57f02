# SPDX-License-Identifier: GPL-2.0-only
# what: a task of another PID namespace joins a group by its number
# file: module/group.c
# kernel: 6.1-amd64
# guest: --smp 2
# program: xpoll-selftests
# tests: GroupOf*
s/group->pid_ns == task_active_pid_ns(current)/true/
