# SPDX-License-Identifier: GPL-2.0-only
# what: an event stays with an instance that the policy chose although no task waits on it
# file: module/dispatch.c
# kernel: 6.1-amd64
# guest: --smp 1
# program: xpoll-selftests
# tests: WakeInstancesTest.InstanceWithoutAWaiterIsPassedOver
s/^\treturn waitqueue_active(&ep->wq) && /\treturn /
/^static bool xp_offer(/,/^}/ s/^\t\treturn false;$/\t\tbarrier();/
