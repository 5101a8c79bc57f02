# SPDX-License-Identifier: GPL-2.0-only
# what: ENTER makes the changes after one that fails, though it should stop
# file: module/changes.c
# kernel: 6.1-amd64
# guest: --smp 2
# program: xpoll-selftests
# tests: EnterChangeTest.*Stop*
s/^\t\t\tif (batch->stop) {$/\t\t\tif (false) {/
