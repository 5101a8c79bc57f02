# SPDX-License-Identifier: GPL-2.0-only
# what: an addition counts a POST that waits to be checked
# file: module/nest.c
# kernel: 6.1-amd64
# guest: --smp 2
# program: xpoll-selftests
# tests: NestRefusedPost*
# Adds a pause before the check.
s/^\tint err = mutex_lock_killable(&xp_nest_mutex);$/\tint err = (atomic_inc(\&ep->posters), schedule_timeout_uninterruptible(1), mutex_lock_killable(\&xp_nest_mutex));\n\n\tatomic_dec(\&ep->posters);/
