# SPDX-License-Identifier: GPL-2.0-only
# what: the callback touches the lists of a scan instead of the overflow list
# file: module/callback.c
# kernel: 6.1-amd64
# guest: --smp 1
# program: xpoll-selftests
# tests: OverflowTest.*xpoll*
s/^\tif (unlikely(xp_scan_running(ep))) {$/\tif (unlikely(xp_scan_running(ep)) \&\& !ep) {/
