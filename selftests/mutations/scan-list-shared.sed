# SPDX-License-Identifier: GPL-2.0-only
# what: the callback touches the lists of a scan instead of the overflow list
# file: module/callback.c
# kernel: 6.1-amd64
# smp: 1
# tests: OverflowTest.*xpoll*
s/^\tif (.*xp_scan_running(ep).*) {$/\tif (xp_scan_running(ep) \&\& !ep) {/
