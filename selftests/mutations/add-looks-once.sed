# SPDX-License-Identifier: GPL-2.0-only
# what: an ADD that found its instance not watched does not look again
# file: module/epitem.c
# kernel: 6.1-amd64
# guest: --smp 2
# program: xpoll-selftests
# tests: NestHalvesTest.*xpoll*:*/NestHalvesTest.*xpoll*
s/^\tif (!nested && unlikely(xp_is_nested(ep))) {$/\tif (0) {/
