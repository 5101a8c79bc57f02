# SPDX-License-Identifier: GPL-2.0-only
# what: waits do not poll the network device
# file: module/wait.c
# kernel: 6.1-amd64
# guest: --smp 2
# program: xpoll-selftests
# tests: BusyPollTest.AWaitPolls*:BusyPollTest.AWaitFinds*:BusyPollXpollTest.*:BusyPollRingTest.*
s/^\t\t\txp_busy_poll(ep, &end);$/\t\t\tbarrier();/
