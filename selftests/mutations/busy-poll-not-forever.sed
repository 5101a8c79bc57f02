# SPDX-License-Identifier: GPL-2.0-only
# what: a wait without timeout does not poll the network device
# file: module/busypoll.c
# kernel: 6.1-amd64
# guest: --smp 2
# program: xpoll-selftests
# tests: BusyPollTest.*WithoutTimeout*
s/^\tif (!end->never && end->expires < loop.until)$/\tif (end->expires < loop.until)/
