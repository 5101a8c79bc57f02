# SPDX-License-Identifier: GPL-2.0-only
# what: busy polling ignores the preference
# file: module/busypoll.c
# kernel: 6.1-amd64
# guest: --smp 2
# program: xpoll-selftests
# tests: *BusyPollPreference*
s/READ_ONCE(ep->busy.prefer),$/false,/
