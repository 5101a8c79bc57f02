# SPDX-License-Identifier: GPL-2.0-only
# what: ENTER does not count the changes that fail
# file: module/changes.c
# kernel: 6.1-amd64
# guest: --smp 2
# program: xpoll-selftests
# tests: EnterChangeTest.*
s/^\t\t\tbatch->failed++;$/\t\t\tbarrier();/
