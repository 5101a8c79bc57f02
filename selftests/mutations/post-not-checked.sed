# SPDX-License-Identifier: GPL-2.0-only
# what: the first POST does not look whether the instance is watched
# file: module/nest.c
# kernel: 6.1-amd64
# guest: --smp 2
# program: xpoll-selftests
# tests: *NestPost*
s/^\tif (!xp_is_nested(ep))$/\tif (true)/
