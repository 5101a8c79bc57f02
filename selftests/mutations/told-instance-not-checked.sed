# SPDX-License-Identifier: GPL-2.0-only
# what: an instance whose end is to be told is not checked if wake-ups begin nowhere below it
# file: module/nest.c
# kernel: 6.1-amd64
# guest: --smp 2
# program: xpoll-selftests
# tests: *NestPost*
s/^\tif (inner->sources_below || inner->told_of)$/\tif (inner->sources_below)/
