# SPDX-License-Identifier: GPL-2.0-only
# what: the time of the module parameter gives no user the right to poll for as long
# file: module/busypoll.c
# kernel: 6.1-amd64
# guest: --smp 2
# program: xpoll-selftests
# tests: BusyPollXpollTest.WithoutPrivilege*
s/^\treturn params->usecs <= xp_busy_usecs(ep) &&/\treturn params->usecs <= READ_ONCE(ep->busy.usecs) \&\&/
