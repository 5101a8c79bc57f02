# SPDX-License-Identifier: GPL-2.0-only
# what: the close of a descriptor ends the watches of the file's other descriptors as well
# file: module/owned.c
# kernel: 6.1-amd64
# guest: --smp 1
# program: xpoll-selftests
# tests: CloseRemovesKeepTest.*
/^static bool xp_owned_ended(/,/^}/ s/^\treturn /\treturn true || /
