# SPDX-License-Identifier: GPL-2.0-only
# what: the close of a descriptor that has dups ends no watch; the module's self-test must notice
# file: module/fdclose.c
# kernel: 6.1-amd64
# guest: --smp 1
# program: xpoll-selftests
# tests: CloseRemovesEndTest.*
s/^\t\txp_watches_end(ended, nr, file, owner);$/\t\tbarrier();/; s/^\tunsigned int nr = xp_collect_first.*/\tunsigned int nr = 0;/
