# SPDX-License-Identifier: GPL-2.0-only
# what: the last close of an instance that others tell of does not count as its event
# file: module/nest.c
# kernel: 6.1-amd64
# guest: --smp 2
# program: xpoll-selftests
# tests: *NestPost*
s/xp_is_source(inner) || inner->told_of/xp_is_source(inner)/
