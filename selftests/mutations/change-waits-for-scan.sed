# SPDX-License-Identifier: GPL-2.0-only
# what: a change that must not wait for the instance's mutex waits
# file: module/ctl.c
# kernel: 6.1-amd64
# guest: --smp 1 --append sysctl.kernel.hung_task_timeout_secs=0
# program: xpoll-selftests
# tests: EpollCallsRingTest.*xpoll*
s/^\tif (likely(!change->nonblock)) {$/\tif (change->fd >= 0) {/
