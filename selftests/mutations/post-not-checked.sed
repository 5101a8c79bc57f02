# SPDX-License-Identifier: GPL-2.0-only
# what: the first POST does not look whether the instance is watched
# file: module/nest.c
# kernel: 6.1-amd64
# guest: --smp 2
# program: xpoll-selftests
# tests: *NestPost*
s/^\treturn xp_nest_check_posts(ep);$/\treturn xp_nest_check_posts(ep), 0;/
