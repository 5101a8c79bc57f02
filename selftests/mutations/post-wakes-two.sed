# SPDX-License-Identifier: GPL-2.0-only
# what: POST, and the end of a watch, wake two waiters
# file: module/callback.c
# kernel: 6.1-amd64
# guest: --smp 2
# program: xpoll-selftests
# tests: PostTest.ItWakesOne*:RemovedTest.WakesOne*
/^bool xp_callback_post/,/^}/ s/^\txp_wake_waiter(ep, false, NULL, 0);$/&\n&/
