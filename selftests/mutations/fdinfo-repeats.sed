# SPDX-License-Identifier: GPL-2.0-only
# what: fdinfo goes on with the watch that it showed last
# file: module/epitem.c
# kernel: 6.1-amd64
# guest: --smp 2
# program: xpoll-selftests
# tests: *FdinfoTest.EachOfMany*xpoll*
/^struct rb_node \*xp_epitem_after(/,/^}/ s/, file, fd) < 0)/, file, fd) <= 0)/
