# SPDX-License-Identifier: GPL-2.0-only
# what: a killed reader of the list leaves nothing for the next one
# file: module/instances.c
# kernel: 6.1-amd64
# guest: --smp 2
# program: xpoll-selftests
# tests: InstancesTest.*
s/^\tcond_resched();$/&\n\tif (fatal_signal_pending(current))\n\t\treturn ERR_PTR(-EINTR);/
