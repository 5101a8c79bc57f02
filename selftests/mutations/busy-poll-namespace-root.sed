# SPDX-License-Identifier: GPL-2.0-only
# what: root of a user namespace may set any parameters of busy polling
# file: module/busypoll.c
# kernel: 6.1-amd64
# guest: --smp 1
# program: xpoll-selftests
# tests: BusyPollParametersTest.RootOf*xpoll*
s/!capable(CAP_NET_ADMIN)/!ns_capable(current_user_ns(), CAP_NET_ADMIN)/
