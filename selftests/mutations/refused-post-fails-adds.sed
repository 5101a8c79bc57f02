# SPDX-License-Identifier: GPL-2.0-only
# what: an addition counts a POST that is about to be refused
# file: module/nest.c
# kernel: 6.1-amd64
# guest: --smp 2
# program: xpoll-selftests
# tests: *NestPost*
s/^\tif (inner->sources_below || inner->told_of)$/\tif (xp_is_source(ep) \&\& (xp_count_paths(ep) || xp_check_own(ep)))\n\t\treturn -EINVAL;\n&/
