# SPDX-License-Identifier: GPL-2.0-only
# what: the list of all instances does not show a task that waits for several events
# file: module/instances.c
# kernel: 6.1-amd64
# guest: --smp 2
# program: xpoll-selftests
# tests: InstancesTest.AWaiter*
s/waitqueue_active(&ep->wq) || \/\* of one moment \*\//waitqueue_active(\&ep->wq) || \/\* of one moment *\/ 0 \&\&/
