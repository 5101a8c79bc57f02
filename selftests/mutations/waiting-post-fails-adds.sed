# SPDX-License-Identifier: GPL-2.0-only
# what: an addition counts a POST that waits to be checked
# file: module/nest.c
# kernel: 6.1-amd64
# guest: --smp 4 --parallel
# program: xpoll-selftests
# tests: NestRefusedPost*
s/^\tint err = mutex_lock_killable(&xp_nest_mutex);$/\tint err = (atomic_inc(\&ep->posters), mutex_lock_killable(\&xp_nest_mutex));\n\n\tatomic_dec(\&ep->posters);/
