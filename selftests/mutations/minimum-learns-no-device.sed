# SPDX-License-Identifier: GPL-2.0-only
# what: a wait for several events does not learn which network device to poll
# file: module/minimum.c
# kernel: 6.1-amd64
# guest: --smp 2
# program: xpoll-selftests
# tests: BusyPollXpollTest.*
s/^\t\txp_busy_learn(ep);$/\t\tbarrier();/
