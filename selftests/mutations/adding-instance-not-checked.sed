# SPDX-License-Identifier: GPL-2.0-only
# what: a watch that is to tell of its end is added without a look at the paths up from its instance
# file: module/nest.c
# kernel: 6.1-amd64
# guest: --smp 2
# program: xpoll-selftests
# tests: *NestPost*
s/^\tif (ep->tells)$/\tif (false)/
