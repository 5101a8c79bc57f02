# SPDX-License-Identifier: GPL-2.0-only
# what: a nested ADD that must not wait for the mutex of all nesting waits
# file: module/ctl.c
# kernel: 6.1-amd64
# guest: --smp 1 --append sysctl.kernel.hung_task_timeout_secs=0
# program: xpoll-selftests
# tests: EpollCallsRingTest.*xpoll*
s/^\tint err = change->nonblock ? -EAGAIN : xp_ctl_await_nest();$/\tint err = xp_ctl_await_nest();/
