# SPDX-License-Identifier: GPL-2.0-only
# what: a line of the list of all instances that does not fit into a read is lost
# file: module/instances.c
# kernel: 6.1-amd64
# guest: --smp 2
# program: xpoll-selftests
# tests: InstancesTest.ReadsOfAnySize*
/^\twalk->line.id--;$/d
