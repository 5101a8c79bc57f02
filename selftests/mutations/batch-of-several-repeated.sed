# SPDX-License-Identifier: GPL-2.0-only
# what: a batch of several events has the number of an earlier one
# file: module/scan.c
# kernel: 6.1-amd64
# guest: --smp 2
# program: xpoll-selftests
# tests: ExtendedTest.ABatchOfSeveral*
/^long xp_scan_deliver_several(/,/^}/ s/^\tep->counts.scans++;$/\tbarrier();/
