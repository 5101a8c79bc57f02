# SPDX-License-Identifier: GPL-2.0-only
# what: the list of all instances shows a thread's name as it is
# file: module/instances.c
# kernel: 6.1-amd64
# guest: --smp 2
# program: xpoll-selftests
# tests: InstancesTest.ANameCannot*
s/ESCAPE_OCTAL | ESCAPE_NAP | ESCAPE_APPEND, "\\\\");/0, NULL);/
