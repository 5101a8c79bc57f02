# SPDX-License-Identifier: GPL-2.0-only
# what: MOD does not poll the file
# file: module/modify.h
# kernel: 6.1-amd64
# guest: --smp 1
# program: xpoll-selftests
# tests: OneshotTest.*xpoll*
s/^\tfound->revents = \(xp_modify_poll(epi, epi->file, pt)\);$/\tfound->revents = ep ? 0 : \1;/
