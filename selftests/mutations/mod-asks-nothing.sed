# SPDX-License-Identifier: GPL-2.0-only
# what: MOD does not poll the file
# file: module/ctl.c
# kernel: 6.1-amd64
# guest: --smp 1
# program: xpoll-selftests
# tests: OneshotTest.*xpoll*
/^static void xp_ctl_change(/,/^}/ s/if (\(xp_epitem_poll[_a-z]*\)(epi, &pt, 1))/if (\1(epi, \&pt, 1) \&\& !ep)/
