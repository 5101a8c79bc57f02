# SPDX-License-Identifier: GPL-2.0-only
# what: everybody may keep the system awake by MOD by cookie
# file: module/ctl.c
# kernel: 6.1-amd64
# guest: --smp 2
# program: xpoll-selftests
# tests: WakeupSourceChangeTest.*
/^static int xp_ctl_modify_held(/,/^}/ s/xp_wakesource_permit(ep, change->event.events) |/change->event.events |/
