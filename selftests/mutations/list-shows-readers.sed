# SPDX-License-Identifier: GPL-2.0-only
# what: the list of all instances takes a reader's place for an instance
# file: module/instances.c
# kernel: 6.1-debug
# guest: --smp 2 --mem 2G
# program: xpoll-selftests
# tests: InstancesTest.ReadersDoNotSee*
s/^\t\tif (listed->id <= shown)$/\t\tif (listed->id \&\& listed->id <= shown)/
