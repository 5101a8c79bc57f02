# SPDX-License-Identifier: GPL-2.0-only
# what: an ADD that polls an instance with a ready ring cannot be killed while it waits for its mutex
# file: module/ringscan.c
# kernel: 6.1-amd64
# guest: --smp 2
# program: xpoll-selftests
# tests: NestKillTest.AnAddThatWaitsForAnInstanceWithARingCanBeKilled
s/^\t\tif (!xp_poll_lock(ep, depth))$/\t\tif (!xp_poll_lock(ep, depth \& ~XP_POLL_KILLABLE))/
