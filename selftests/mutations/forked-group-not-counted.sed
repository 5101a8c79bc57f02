# SPDX-License-Identifier: GPL-2.0-only
# what: a forked process does not count for the group that it inherits
# file: module/process.c
# kernel: 6.1-amd64
# guest: --smp 1
# program: xpoll-selftests
# tests: ProcessGroupTest.*
s/^\treturn optin && refcount_inc_not_zero(&optin->processes);$/\treturn optin;/
