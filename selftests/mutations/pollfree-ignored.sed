# SPDX-License-Identifier: GPL-2.0-only
# what: the hook stays on a wait queue whose owner frees it (CVE-2019-2215)
# file: module/callback.h
# kernel: 6.1-debug
# guest: --smp 1
# program: xpoll-selftests
# tests: PollfreeTest.*xpoll*
/^\t\txp_callback_free(wait);$/s/xp_callback_free(wait)/trace_xpoll_wake(ep, false, false)/
