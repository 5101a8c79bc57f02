# SPDX-License-Identifier: GPL-2.0-only
# what: a signal does not end the polling of the network device
# file: module/busypoll.c
# kernel: 6.1-amd64
# guest: --smp 2
# program: xpoll-selftests
# tests: BusyPollTest.ASignal*
s/ || signal_pending(current) || now >= loop->until/ || now >= loop->until/
