# SPDX-License-Identifier: GPL-2.0-only
# what: the last close of a watched file removes nothing; the module refuses to load
# refusal: by the module's self-test
# file: module/lastclose.c
# kernel: 6.1-amd64
# guest: --smp 1
# program: xpoll-selftests
# tests: LifetimeCloseTest.*xpoll*
s/^\t\txp_remove_watches(file);$/\t\tbarrier();/
