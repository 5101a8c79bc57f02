# SPDX-License-Identifier: GPL-2.0-only
# what: the close of a descriptor ends no watch, unless it is the one of the module's self-test
# file: module/owned.c
# kernel: 6.1-amd64
# guest: --smp 1
# program: xpoll-selftests
# tests: CloseRemovesEndTest.*
/^static bool xp_owned_ended(/,/^}/ s/^\treturn /\treturn wide->item.fd ? false : /
