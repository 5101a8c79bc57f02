# SPDX-License-Identifier: GPL-2.0-only
# what: parameters of busy polling that are not valid are accepted
# file: module/busypoll.c
# kernel: 6.1-amd64
# guest: --smp 1
# program: xpoll-selftests
# tests: BusyPollParametersTest.*
s/^\tif (params.reserved || params.usecs > S32_MAX || params.prefer > 1)$/\tif (0)/
