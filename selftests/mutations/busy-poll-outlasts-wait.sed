# SPDX-License-Identifier: GPL-2.0-only
# what: a busy poll goes on after the timeout of its wait
# file: module/busypoll.c
# kernel: 6.1-amd64
# guest: --smp 2
# program: xpoll-selftests
# tests: BusyPollTest.ATimeout*
s/^\tif (!end->never && end->expires < loop.until)$/\tif (0)/
