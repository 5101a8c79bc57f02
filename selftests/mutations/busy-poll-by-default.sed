# SPDX-License-Identifier: GPL-2.0-only
# what: waits poll the network device for a millisecond unless root forbids it
# file: module/busypoll.c
# kernel: 6.1-amd64
# guest: --smp 2
# program: xpoll-selftests
# tests: BusyPollXpollTest.TheParameter*
s/^unsigned int xp_busy_default_usecs;$/unsigned int xp_busy_default_usecs = 1000;/
