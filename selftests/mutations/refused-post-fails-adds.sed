# SPDX-License-Identifier: GPL-2.0-only
# what: an addition counts a POST to the adding instance that waits to be checked
# file: module/nest.c
# kernel: 6.1-amd64
# guest: --smp 2
# program: xpoll-selftests
# tests: NestRefusedPostTest.FailsNoAddBelow
s/^\tif (inner->sources_below || inner->told_of)$/\tif (xp_is_source(ep) \&\& (xp_count_paths(ep) || xp_check_own(ep)))\n\t\treturn -EINVAL;\n&/
s/^\tint err = mutex_lock_killable(&xp_nest_mutex);$/\tint err = (atomic_inc(\&ep->posters), schedule_timeout_uninterruptible(1), mutex_lock_killable(\&xp_nest_mutex));\n\n\tatomic_dec(\&ep->posters);/
