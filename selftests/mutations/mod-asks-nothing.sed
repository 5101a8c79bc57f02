# SPDX-License-Identifier: GPL-2.0-only
# what: MOD does not poll the file
# file: module/modify.h
# kernel: 6.1-amd64
# guest: --smp 1
# program: xpoll-selftests
# tests: OneshotTest.*xpoll*
s/^\treturn xp_epitem_poll_held(epi, file, pt, 1);$/\treturn file ? 0 : xp_epitem_poll_held(epi, file, pt, 1);/
