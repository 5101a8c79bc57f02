# SPDX-License-Identifier: GPL-2.0-only
# what: an event stays with an instance that the policy chose though nobody waits there
# file: module/dispatch.c
# kernel: 6.1-amd64
# guest: --smp 1
# program: xpoll-selftests
# tests: WakeInstancesTest.InstanceWithoutAWaiterIsPassedOver
s/^\treturn waitqueue_active(&ep->wq) && /\treturn /
/^static bool xp_offer(/,/^}/ s/^\t\treturn false;$/\t\tbarrier();/
