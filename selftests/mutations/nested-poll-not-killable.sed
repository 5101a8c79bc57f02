# SPDX-License-Identifier: GPL-2.0-only
# what: an ADD that waits in ->poll() of an instance can't be killed
# file: module/hook.c
# kernel: 6.1-amd64
# guest: --smp 2 --append sysctl.kernel.hung_task_timeout_secs=0
# program: xpoll-selftests
# tests: NestKillTest.*ForTheWatchedInstance*
s/1 | XP_POLL_KILLABLE/1/
