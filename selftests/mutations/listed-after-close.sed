# SPDX-License-Identifier: GPL-2.0-only
# what: an instance stays in the list of all instances when it is closed
# file: module/file.c
# kernel: 6.1-debug
# guest: --smp 2 --mem 2G
# program: xpoll-selftests
# tests: InstancesTest.AClosedInstance*
/^\txp_instances_del(ep);$/d
